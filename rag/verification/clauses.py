"""Clauses of a text, and their distances. Values in one clause are taken to belong together.

A text is cut at commas, conjunctions, sentence ends, line breaks and table cells. Each boundary has a cost,
relative to that of a sentence end. The distance of two clauses is the sum of the costs between them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from rag.text.back_references import OPENS_WITH_PRONOUN
from rag.text.list_marks import LIST_MARK
from rag.text.sentences import sentences

_COMMA, _JOIN, _SEMICOLON, _SENTENCE, _LINE, _ITEM, _CELL = 0.35, 0.2, 0.45, 1.0, 1.5, 3.0, 0.05
"""Costs of boundaries by their kind, in multiples of a sentence end's. Origin not recorded."""
_PRONOUN_COST = 0.5
"""Cost of the boundary before a sentence that opens with a pronoun, whose antecedent is in the sentence
before. Boundaries of a lower cost do not end a sentence. Origin not recorded, as for the next."""

_LEADING_COST, _MAX_LEADING_CHARACTERS = 0.1, 32
"""Cost of the boundary after an introductory phrase ("On 3 May, "), and the phrase's maximum length (in
Chinese a third of it)."""
_CUT = re.compile(
    r"(?P<line>\n\s*)"
    r"|(?P<cell>[ \t]*\|[ \t]*|\t+)"
    r"|(?P<semicolon>;\s+|；|\s[—–]\s|——)"
    r"|(?P<comma>,\s+|(?<=[\u3400-\u9fff》”’)\d]),(?=[\u3400-\u9fff《“])|[，、：()（）«»“”]|:\s+|(?<=\D),(?=\D))"
    r"|(?P<join>\s(?:and|but|while|whereas|et|mais|tandis|và|còn|nhưng|и|а|но|while)\s|(?<=[\u3400-\u9fff])[和与](?=[\u3400-\u9fff]))"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: `text[start:end]`; `at` is the sum of the boundary costs before it."""

    start: int
    end: int
    at: float


class Clauses:
    """The clauses of a text."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.all = _clauses(text, language)
        self._starts = [one.start for one in self.all]

    def index_at(self, offset: int) -> int:
        """Return the index of the clause that contains the character at an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def distance(self, one: int, other: int) -> float:
        """Return the sum of the boundary costs between two clauses, given by their indices."""
        return abs(self.all[one].at - self.all[other].at)

    def span(self, n: int) -> tuple[int, int]:
        """Return the span of clause n."""
        return self.all[n].start, self.all[n].end

    def with_previous(self, n: int) -> str:
        """Return the text of clause n, with the clause before it if that is of the same sentence."""
        first = n - 1 if n and self.all[n].at - self.all[n - 1].at < _PRONOUN_COST else n
        return self.text[self.all[first].start : self.all[n].end]

    def sentence(self, n: int) -> tuple[int, int]:
        """Return the span of the sentence, list item or line that contains clause n."""
        first = last = n
        while first and self.all[first].at - self.all[first - 1].at < _PRONOUN_COST:
            first -= 1
        while last + 1 < len(self.all) and self.all[last + 1].at - self.all[last].at < _PRONOUN_COST:
            last += 1
        return self.all[first].start, self.all[last].end


def _clauses(text: str, language: str) -> list[Clause]:
    """Cut a text into clauses. `cuts` maps the start of a clause to the end and cost of the one before."""
    starts = {start for start, _ in sentences(text, language) if start}
    cuts = {at: (at, _PRONOUN_COST if OPENS_WITH_PRONOUN.match(text, at) else _SENTENCE) for at in starts}
    for match in _CUT.finditer(text):
        cost = _cost(text, match)
        here = cuts.get(match.end(), (0, 0.0))[1]
        cuts[match.end()] = (match.start(), max(here, cost))
    found: list[Clause] = []
    max_leading = _MAX_LEADING_CHARACTERS // 3 if language == "zh" else _MAX_LEADING_CHARACTERS
    sentence_starts = {0, *(cut for cut, (_, cost) in cuts.items() if cost >= _PRONOUN_COST)}
    start, at = 0, 0.0
    for cut, (end, cost) in sorted(cuts.items()):
        if text[start:end].strip():
            leading = cost == _COMMA and start in sentence_starts and end - start <= max_leading
            found.append(Clause(start, cut, at))
            at += _LEADING_COST if leading else cost
        else:  # nothing between two boundaries: the higher cost counts
            at = max(at, found[-1].at + cost) if found else at + cost
        start = cut
    if text[start:].strip() or not found:
        found.append(Clause(start, len(text), at))
    return found


def _cost(text: str, match: re.Match[str]) -> float:
    kind = str(match.lastgroup)
    if kind == "line":
        is_item = LIST_MARK.match(text, match.end()) or "\n" in match[0].strip(" \t")[1:]
        is_table_row = "|" in text[match.end() :].partition("\n")[0]
        return _ITEM if is_item or is_table_row else _LINE
    return {"cell": _CELL, "semicolon": _SEMICOLON, "comma": _COMMA, "join": _JOIN}[kind]


def title_length(text: str) -> int:
    """Return the length of the first line, in characters, if it is a title; else 0.

    A title is followed by more text, and is neither a sentence nor a table row.
    """
    first, _, rest = text.partition("\n")
    is_no_title = "|" in first or first.rstrip().endswith((".", "。", ":", "："))
    return 0 if is_no_title or not rest.strip() else len(first)
