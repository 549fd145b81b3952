"""Boilerplate removal: which lines of a page's text are the article?

The rules are general, none is for one site. Lines such as notices and buttons are removed by themselves. The
article ends at a heading over teasers, an agency's sign-off or a headline that stands twice, if the lines
after it look like teasers of other articles, too. In doubt lines are kept: an additional teaser does less
harm than a truncated article. The constants were set by hand, on 97 pages written for the purpose.
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
"""Display width from which a line that repeats the one before is a copy, not a refrain."""
_MIN_ARTICLE_RUN = 3
"""Successive paragraphs of prose that occur only in an article, never among teasers."""
_MIN_LINES_PER_FOLLOWER = 10
"""Lines among which teasers have at most one paragraph of prose that follows another one."""
_MIN_SUMMARIES, _MIN_SUMMARIES_AMBIGUOUS = 2, 3
"""Summaries in a list of teasers under a heading, and under an ambiguous heading."""
_MIN_BLURBS = 3
"""Sentences in a list of teasers without headlines."""
_MIN_BODY_PARAGRAPHS = 2
"""Paragraphs of prose that an article has before it can end."""
_OPENING_PARAGRAPHS = 5
"""Paragraphs of prose among which an agency's dateline stands."""
_MAX_CREDIT_LINES = 3
"""Lines with authors and places after a sign-off."""
_MAX_ASIDE_LINKS = 3
"""Links under a teaser heading within an article."""

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
"""Beginning of a paragraph that refers to the one before; a teaser stands alone."""


def clean(lines: Sequence[str]) -> list[int]:
    """Return the indices of the lines that are the article, without blank lines."""
    return [n for n, step in enumerate(steps(lines)) if step == ""]


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
    """Yield the lines that are boilerplate by themselves, or together with an adjacent line."""
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
        if at and line == lines[at - 1] and display_width(line) >= _MIN_COPY_WIDTH:
            yield at
        if is_teaser_heading(line) and not is_ambiguous(line):
            following = lines[at + 1 : at + 2 + _MAX_ASIDE_LINKS]
            links = next((n for n, other in enumerate(following) if ends_sentence(other)), 0)
            # The last of several may be the subheading of the text that follows.
            yield from range(at, at + 1 + min(links, max(1, links - 1)))


class _RemainingLines:
    """The lines that may be the article, with suffix counts: `x_from[n]` counts the x from line n on.

    `loose`: may be headlines, captions or links. `signs`: sign-offs. `pairs`: headlines that stand twice.
    `several`: have more than one sentence. `anaphors`: refer to the paragraph before. `follows`: prose after
    prose; `longest_from[n]` is the longest run of it.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.signs = [sign_off(line) for line in lines]
        self.prose = [ends_sentence(line) for line in lines]
        opening = [line for line, prose in zip(lines, self.prose, strict=True) if prose][:_OPENING_PARAGRAPHS]
        self.opening = "\n".join(line[:80] for line in opening if not sign_off(line))
        loose = [may_be_headline(line) for line in lines]
        self.loose_from = _suffix_counts(loose)
        self.signs_from = _suffix_counts([sign is not None for sign in self.signs])
        self.pairs_from = _suffix_counts([self._is_doubled(n) for n in range(len(lines))])
        self.several_from = _suffix_counts([_SENTENCE_BREAK.search(line) is not None for line in lines])
        self.anaphors_from = _suffix_counts([_ANAPHOR.match(line) is not None for line in lines])
        self.follows_from = _suffix_counts([not (a or b) for a, b in pairwise(loose)] + [False] * bool(lines))
        self.longest_from = _longest_runs([not each for each in loose])

    def end(self) -> int:
        """Return the number of lines, from the first, that are the article."""
        body = 0
        for n, line in enumerate(self.lines):
            body += self.prose[n]
            if body and is_teaser_heading(line) and self._are_teasers(n + 1, ambiguous=is_ambiguous(line)):
                return n
            if body >= _MIN_BODY_PARAGRAPHS and self._is_signed(n):
                return n + 1
            if body >= _MIN_BODY_PARAGRAPHS and self._are_doubled_teasers(n):
                return n
        return len(self.lines)

    def _is_doubled(self, n: int) -> bool:
        """Tell whether line n is a headline that stands twice: as text, and as a picture's description."""
        line = self.lines[n]
        return (
            n + 1 < len(self.lines)
            and not self.prose[n]
            and line == self.lines[n + 1]
            and display_width(line) >= _MIN_COPY_WIDTH
        )

    def _are_doubled_teasers(self, n: int) -> bool:
        """Tell whether the lines from n on are teasers whose headlines stand twice."""
        summaries = len(self.lines) - n - self.loose_from[n]
        doubled = self._is_doubled(n) and self.pairs_from[n] > 1
        return doubled and summaries >= _MIN_SUMMARIES and self._are_teasers(n)

    def _are_teasers(self, n: int, *, ambiguous: bool = False) -> bool:
        """Tell whether the lines from n on are headlines, captions and links with little text between.

        Each summary has a headline, so prose rarely follows prose. Alternating headlines and summaries differ
        from an article with subheadings only by their brevity. A single summary may be the article's last
        paragraph after a link. `ambiguous`: the heading above them may be one of the article.
        """
        count, loose = len(self.lines) - n, self.loose_from[n]
        prose = count - loose
        connected = self.follows_from[n] * _MIN_LINES_PER_FOLLOWER > count
        if self.longest_from[n] >= _MIN_ARTICLE_RUN or connected or prose == 1:
            return False
        brief = self.several_from[n] * 4 <= prose
        min_summaries = _MIN_SUMMARIES_AMBIGUOUS if ambiguous else _MIN_SUMMARIES
        return loose * 20 >= count * 11 or (brief and prose >= min_summaries and loose * 3 >= count)

    def _are_blurbs(self, n: int) -> bool:
        """Tell whether nearly every line from n on is one sentence that stands alone."""
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
        short = len(rest) <= _MAX_CREDIT_LINES and max(map(len, rest)) <= 60
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
