"""Boilerplate removal: choose the lines of a page's text that are the article.

The rules are general; none is for a single site. Lines such as notices and buttons are removed on their own.
The article ends at a heading over teasers or an agency's sign-off, provided that the lines after it also look
like teasers of other articles. In doubt lines are kept: an additional teaser
does less harm than a truncated article. The constants were set by hand, on 97 pages written for the purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.reading.cleaning.line_rules import (
    display_width,
    ends_sentence,
    is_ambiguous,
    is_boilerplate,
    is_byline,
    is_menu,
    is_teaser_heading,
    may_be_headline,
    share_buttons,
    sign_off,
)
from rag.reading.cleaning.line_wrapping import tidy
from rag.reading.cleaning.publication_dates import TOP_LINES, datelines

_MIN_COPY_WIDTH = 16
"""Minimum display width of a line that, if it repeats the one before, is a copy rather than a refrain."""
_MIN_ARTICLE_RUN = 3
"""Minimum number of successive paragraphs of prose that occurs only in an article, never among teasers."""
_MIN_LINES_PER_FOLLOWER = 10
"""Minimum number of lines of teasers for each paragraph of prose that follows another one."""
_MIN_HEADLINES_PERCENT = 55
"""Minimum share, in percent, of lines that may be headlines in a list of mainly headlines."""
_MAX_LINES_PER_HEADLINE = 3
"""Maximum number of lines for each headline in a list of headlines with summaries."""
_MIN_SUMMARIES_PER_LONG_ONE = 4
"""Minimum number of summaries for each that has more than one sentence."""
_MIN_SUMMARIES, _MIN_SUMMARIES_AMBIGUOUS = 2, 3
"""Minimum number of summaries in a list of teasers under a heading, and under an ambiguous heading."""
_MIN_BLURBS = 3
"""Minimum number of sentences in a list of teasers without headlines."""
_MIN_BODY_PARAGRAPHS = 2
"""Minimum number of paragraphs of prose before the article's end."""
_OPENING_PARAGRAPHS = 5
"""Number of first paragraphs of prose in which an agency's dateline is searched."""
_MAX_CREDIT_LINES, _MAX_CREDIT_CHARACTERS = 3, 60
"""Maximum number, and length, of the lines with authors and places after a sign-off."""
_MAX_ASIDE_LINKS = 3
"""Maximum number of links under a teaser heading within an article."""

_SENTENCE_BREAK = re.compile(
    r"[.!?…][\"'”’»)\]]{0,3}\s+(?=[\"'“‘«(]?[A-ZÀ-ÞĐƠƯА-ЯЁ])|[。！？](?=[^”’』」）\s])"
)
_ANAPHOR = re.compile(
    r"[\"'“‘«„「『—–-]|[他她它]|但|而|此外|同时|另外|然而|因此|据|对此|这|(?:"
    r"he|she|it|they|we|i|you|but|and|however|meanwhile|this|these|that|those|his|her|their|its|mr|mrs|ms|"
    r"il|elle|ils|elles|on|nous|mais|et|or|cependant|toutefois|ce|cette|ces|selon|m|mme|"
    r"ông|bà|anh|chị|họ|nhưng|tuy|song|theo|bên cạnh|ngoài ra|đồng thời|trong khi|đây|điều|"
    r"он|она|они|оно|но|а|и|однако|при этом|это|эти|этот|также|кроме|по его|по её)\b",
    re.IGNORECASE,
)
"""The beginning of a paragraph that refers to the one before, as a teaser never does."""


def steps(lines: Sequence[str]) -> list[str | None]:
    """Return for each line the step that drops it (see LeftOut): "" for kept, None for blank lines."""
    tidied = [tidy(line) for line in lines]
    found: list[str | None] = ["" if line else None for line in tidied]
    for n in _boilerplate_lines(tidied):
        found[n] = "notice"
    for n in datelines(tidied):
        found[n] = "date"
    kept = [n for n, step in enumerate(found) if step == ""]
    end = _RemainingLines([tidied[n] for n in kept]).end()
    for n in kept[end:]:
        found[n] = "end"
    for at in _copies_and_links([tidied[n] for n in kept[:end]]):
        found[kept[at]] = "link"
    return found


def _boilerplate_lines(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines that are boilerplate on their own, or together with an adjacent line."""
    filled = [n for n, line in enumerate(lines) if line]
    for at, n in enumerate(filled):
        line = lines[n]
        beside = [lines[filled[i]] for i in (at - 1, at + 1) if 0 <= i < len(filled)]
        buttons = share_buttons(line) == "platform" and any(share_buttons(other) for other in beside)
        table = "|" in line and any(other.count("|") == line.count("|") for other in beside)
        byline = at < TOP_LINES and is_byline(line)
        if is_boilerplate(line) or buttons or (is_menu(line) and not table) or byline:
            yield n


def _copies_and_links(lines: Sequence[str]) -> Iterator[int]:
    """Yield copies of the line before, and links under a teaser heading within the article."""
    for at, line in enumerate(lines):
        if (
            at
            and line == lines[at - 1]
            and display_width(line) >= _MIN_COPY_WIDTH
            and not ends_sentence(line)
        ):
            yield at  # a picture's description, or the heading of a table
        if is_teaser_heading(line) and not is_ambiguous(line):
            following = lines[at + 1 : at + 2 + _MAX_ASIDE_LINKS]
            links = next((n for n, other in enumerate(following) if ends_sentence(other)), 0)
            # The last of several links may be the subheading of the text below.
            yield from range(at, at + 1 + min(links, max(1, links - 1)))


class _RemainingLines:
    """The lines that may be the article, with suffix counts: `x_from[n]` counts the x from line n on.

    `headlines`: may be headlines, captions or links. `signs`: sign-offs. `several`: have more than one
    sentence. `anaphors`: refer to the paragraph before. `follows`: prose after prose; `longest_from[n]` is
    the longest run of prose.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.signs = [sign_off(line) for line in lines]
        self.prose = [ends_sentence(line) for line in lines]
        opening = [line for line, prose in zip(lines, self.prose, strict=True) if prose][:_OPENING_PARAGRAPHS]
        self.opening = "\n".join(line[:80] for line in opening if not sign_off(line))
        headlines = [may_be_headline(line) for line in lines]
        self.headlines_from = _suffix_counts(headlines)
        self.signs_from = _suffix_counts([sign is not None for sign in self.signs])
        self.several_from = _suffix_counts([_SENTENCE_BREAK.search(line) is not None for line in lines])
        self.anaphors_from = _suffix_counts([_ANAPHOR.match(line) is not None for line in lines])
        follows = [not (one or other) for one, other in pairwise(headlines)]
        self.follows_from = _suffix_counts([*follows, False] if lines else [])
        self.longest_from = _longest_runs([not each for each in headlines])

    def end(self) -> int:
        """Return the number of lines, from the first, that are the article."""
        body = 0
        for n, line in enumerate(self.lines):
            body += self.prose[n]
            if body and is_teaser_heading(line) and self._are_teasers(n + 1, ambiguous=is_ambiguous(line)):
                return n
            if body >= _MIN_BODY_PARAGRAPHS and self._is_signed(n):
                return n + 1
        return len(self.lines)

    def _are_teasers(self, n: int, *, ambiguous: bool = False) -> bool:
        """Tell whether the lines from n on are teasers: mainly headlines, or headlines with brief summaries.

        Captions and links count as headlines, every other line as a summary. Each summary has a headline, so
        prose rarely follows prose. An article with subheadings alternates, too, but its paragraphs are
        longer. A single summary may be the article's last paragraph after a link. `ambiguous`: the heading
        above the lines may belong to the article.
        """
        count, headlines = len(self.lines) - n, self.headlines_from[n]
        summaries = count - headlines
        connected = self.follows_from[n] * _MIN_LINES_PER_FOLLOWER > count
        if self.longest_from[n] >= _MIN_ARTICLE_RUN or connected or summaries == 1:
            return False
        if 100 * headlines >= _MIN_HEADLINES_PERCENT * count:
            return True
        brief = self.several_from[n] * _MIN_SUMMARIES_PER_LONG_ONE <= summaries
        min_summaries = _MIN_SUMMARIES_AMBIGUOUS if ambiguous else _MIN_SUMMARIES
        return brief and summaries >= min_summaries and headlines * _MAX_LINES_PER_HEADLINE >= count

    def _are_blurbs(self, n: int) -> bool:
        """Tell whether nearly every line from n on is a single sentence without reference to another."""
        count = len(self.lines) - n
        several, anaphors = self.several_from[n], self.anaphors_from[n]
        return count >= _MIN_BLURBS and several * 5 <= count and anaphors * 10 <= count

    def _is_signed(self, n: int) -> bool:
        """Tell whether line n has the article's last sign-off, and credits or teasers follow."""
        sign = self.signs[n]
        if sign is None or self.signs_from[n + 1] or n + 1 == len(self.lines):
            return False
        form, signature = sign
        # "(AFP)" may be the credit of a caption, unless the article opens with AFP's dateline.
        agencies = re.split(r"\s?[-–—/、,，]\s?", signature)
        if form == "framed" and not any(agency in self.opening for agency in agencies):
            return False
        rest = self.lines[n + 1 :]
        short = len(rest) <= _MAX_CREDIT_LINES and max(map(len, rest)) <= _MAX_CREDIT_CHARACTERS
        credits_only = short and not any(self.prose[n + 1 :])
        return credits_only or self._are_teasers(n + 1) or self._are_blurbs(n + 1)


def _suffix_counts(flags: Sequence[bool]) -> list[int]:
    """Return the number of set flags from each index on; the last item is 0, for the end."""
    counts = [0]
    for flag in reversed(flags):
        counts.append(counts[-1] + flag)
    return counts[::-1]


def _longest_runs(flags: Sequence[bool]) -> list[int]:
    """Return the length of the longest run of set flags from each index on; the last item is 0."""
    longest, run = [0], 0
    for flag in reversed(flags):
        run = run + 1 if flag else 0
        longest.append(max(run, longest[-1]))
    return longest[::-1]
