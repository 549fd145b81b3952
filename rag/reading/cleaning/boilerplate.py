"""Which lines of a scraped page are the article, and which are the page around it.

General rules, no site's own: single lines of page furniture go; the article ends where a heading
over teasers, an agency's sign-off or doubled headlines say so *and* what follows looks like teasers.
Where in doubt a line stays: a teaser too many is a nuisance, an article cut in half is a loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.reading.cleaning.line_rules import (
    ends_sentence,
    is_ambiguous,
    is_byline,
    is_heading,
    is_headline,
    is_page,
    is_row,
    shares,
    sign_off,
)
from rag.reading.cleaning.line_wrapping import tidy
from rag.reading.cleaning.publication_dates import TOP, datelines

_COPY = 16
"""Weight from which on a line that repeats the one before is a copy, not a refrain."""
_RUN = 3
"""Paragraphs of prose in a row that teasers do not have."""
_RARELY = 10
"""Lines among which teasers may have one paragraph of prose that follows on another."""
_FEW, _SEVERAL = 2, 3
"""Summaries that make a list of teasers under a plain heading, and under one that is ambiguous."""
_BLURBS = 3
"""Sentences that make a list of teasers without headlines."""
_BODY = 2
"""Paragraphs of prose that an article has before it can end."""
_OPENING = 5
"""Paragraphs of prose among which an agency's dateline stands."""
_NAMES = 3
"""Lines with who wrote and where, after a sign-off."""
_LINKS = 3
"""Links that a heading in the middle of an article has under it at most."""

_STOP_INSIDE = re.compile(r"[.!?…][\"'”’»)\]]{0,3}\s+(?=[\"'“‘«(]?[A-ZÀ-ÞĐƠƯА-ЯЁ])|[。！？](?=[^”’』」）\s])")
_ANAPHOR = re.compile(
    r"[\"'“‘«„「『—–-]|[他她它]|但|而|此外|同时|另外|然而|因此|据|对此|这|(?:"
    r"he|she|it|they|we|i|you|but|and|however|meanwhile|this|these|that|those|his|her|their|its|mr|mrs|ms|"
    r"il|elle|ils|elles|on|nous|mais|et|or|cependant|toutefois|ce|cette|ces|selon|m|mme|"
    r"ông|bà|anh|chị|họ|nhưng|tuy|song|theo|bên cạnh|ngoài ra|đồng thời|trong khi|đây|điều|"
    r"он|она|они|оно|но|а|и|однако|при этом|это|эти|этот|также|кроме|по его|по её)\b",
    re.IGNORECASE,
)
"""How a paragraph begins that goes on from the one before; a teaser stands for itself."""


def clean(lines: Sequence[str]) -> list[int]:
    """Return which of `lines` are the article, as indices in order; blank lines never are."""
    return [n for n, step in enumerate(steps(lines)) if step == ""]


def steps(lines: Sequence[str]) -> list[str | None]:
    """Return for each line the step that drops it: "" where it is the article's, None where it is blank."""
    tidied = [tidy(line) for line in lines]
    found: list[str | None] = ["" if line else None for line in tidied]
    for n in _singles(tidied):
        found[n] = "notice"
    for n in datelines(tidied):
        found[n] = "date"
    kept = [n for n, step in enumerate(found) if step == ""]
    end = _Lines([tidied[n] for n in kept]).end()
    for n in kept[end:]:
        found[n] = "end"
    for at in _asides([tidied[n] for n in kept[:end]]):
        found[kept[at]] = "link"
    return found


def _singles(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines that belong to the page by themselves, or with the line beside them."""
    filled = [n for n, line in enumerate(lines) if line]
    for at, n in enumerate(filled):
        line = lines[n]
        beside = [lines[filled[i]] for i in (at - 1, at + 1) if 0 <= i < len(filled)]
        buttons = shares(line) == "platform" and any(shares(other) for other in beside)
        table = "|" in line and any(other.count("|") == line.count("|") for other in beside)
        if is_page(line) or buttons or (is_row(line) and not table) or (at < TOP and is_byline(line)):
            yield n


def _asides(lines: Sequence[str]) -> Iterator[int]:
    """Yield copies of the line before, and links that stand under a heading amid the article."""
    for at, line in enumerate(lines):
        if at and line == lines[at - 1] and _weight(line) >= _COPY:
            yield at
        if is_heading(line) and not is_ambiguous(line):
            following = lines[at + 1 : at + 2 + _LINKS]
            links = next((n for n, other in enumerate(following) if ends_sentence(other)), 0)
            # Of several the last may be the heading of what follows.
            yield from range(at, at + 1 + min(links, max(1, links - 1)))


def _weight(line: str) -> int:
    """Count characters, those of scripts without spaces twice."""
    return len(line) + sum(char >= "\u2e80" for char in line)


class _Lines:
    """The lines that are left, with what they hold from each of them on, counted once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.signs = [sign_off(line) for line in lines]
        self.prose = [ends_sentence(line) for line in lines]
        opening = [line for line, prose in zip(lines, self.prose, strict=True) if prose][:_OPENING]
        self.opening = "\n".join(line[:80] for line in opening if not sign_off(line))
        loose = [is_headline(line) for line in lines]
        self.loose_from = _from(loose)
        self.signs_from = _from([sign is not None for sign in self.signs])
        self.pairs_from = _from([self._pairs(n) for n in range(len(lines))])
        self.several_from = _from([_STOP_INSIDE.search(line) is not None for line in lines])
        self.anaphors_from = _from([_ANAPHOR.match(line) is not None for line in lines])
        self.follows_from = _from([not (a or b) for a, b in pairwise(loose)] + [False] * bool(lines))
        self.longest_from = _longest([not each for each in loose])

    def end(self) -> int:
        """Return how many of the lines are the article."""
        body = 0
        for n, line in enumerate(self.lines):
            body += self.prose[n]
            if body and is_heading(line) and self._teasers(n + 1, sure=not is_ambiguous(line)):
                return n
            if body >= _BODY and self._signed(n):
                return n + 1
            if body >= _BODY and self._doubled(n):
                return n
        return len(self.lines)

    def _pairs(self, n: int) -> bool:
        """Tell whether a headline stands here twice, as it does beside a picture that links too."""
        line = self.lines[n]
        return (
            n + 1 < len(self.lines)
            and not self.prose[n]
            and line == self.lines[n + 1]
            and _weight(line) >= _COPY
        )

    def _doubled(self, n: int) -> bool:
        """Tell whether from here on there are teasers whose headlines stand twice."""
        summaries = len(self.lines) - n - self.loose_from[n]
        return self._pairs(n) and self.pairs_from[n] > 1 and summaries >= _FEW and self._teasers(n)

    def _teasers(self, n: int, *, sure: bool = True) -> bool:
        """Tell whether from here on there are headlines, captions and links with little between.

        A summary has a headline of its own, so prose hardly follows on prose. Headlines and
        summaries by turns look like an article with headings, but for how brief they are; one
        alone may be a link and the article's last paragraph.
        """
        count, loose = len(self.lines) - n, self.loose_from[n]
        prose = count - loose
        if self.longest_from[n] >= _RUN or self.follows_from[n] * _RARELY > count or prose == 1:
            return False
        brief = self.several_from[n] * 4 <= prose
        return loose * 20 >= count * 11 or (
            brief and prose >= (_FEW if sure else _SEVERAL) and loose * 3 >= count
        )

    def _blurbs(self, n: int) -> bool:
        """Tell whether from here on every line is one sentence that stands for itself."""
        count = len(self.lines) - n
        several, anaphors = self.several_from[n], self.anaphors_from[n]
        return count >= _BLURBS and several * 5 <= count and anaphors * 10 <= count

    def _signed(self, n: int) -> bool:
        """Tell whether the article is signed here, and what follows is none of it."""
        sign = self.signs[n]
        if sign is None or self.signs_from[n + 1] or n + 1 == len(self.lines):
            return False
        how, who = sign
        # "(AFP)" may be the credit of a caption, unless the article opens with AFP's dateline.
        agencies = re.split(r"\s?[-–—/、,，]\s?", who)
        if how == "framed" and not any(agency in self.opening for agency in agencies):
            return False
        rest = self.lines[n + 1 :]
        names = len(rest) <= _NAMES and not any(self.prose[n + 1 :]) and max(map(len, rest)) <= 60
        return names or self._teasers(n + 1) or self._blurbs(n + 1)


def _from(flags: Sequence[bool]) -> list[int]:
    """Return, for each place and for the end, how many flags are set from there on."""
    counts = [0]
    for flag in reversed(flags):
        counts.append(counts[-1] + flag)
    return counts[::-1]


def _longest(flags: Sequence[bool]) -> list[int]:
    """Return, for each place and for the end, how long the longest row of set flags is from there on."""
    rows, row = [0], 0
    for flag in reversed(flags):
        row = row + 1 if flag else 0
        rows.append(max(row, rows[-1]))
    return rows[::-1]
