"""Extract quarters and halves of a year: the third quarter, premier semestre, 上半年, quý III, полугодие."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_QUARTER = {
    "1": r"first|1st|premier|1er|перв\w+|1-?\w{1,2}|một|đầu|[一1i]",
    "2": r"second|2nd|deuxième|second|2e|втор\w+|2-?\w{1,2}|hai|[二2]|ii",
    "3": r"third|3rd|troisième|3e|трет\w+|3-?\w{1,2}|ba|[三3]|iii",
    "4": r"fourth|4th|quatrième|4e|четв[её]рт\w+|4-?\w{1,2}|bốn|tư|[四4]|iv",
}
_FIRST, _LAST = r"first|premier|1er|перв\w+|1-?\w{1,2}|i", r"second|deuxième|2e|втор\w+|2-?\w{1,2}|ii"
_B, _E = r"(?<![^\W_])", r"(?![^\W_])"
"""Beginning and end of a word."""


def _patterns() -> Iterator[tuple[Literal["quarter", "half"], int, re.Pattern[str]]]:
    for n, words in _QUARTER.items():
        lettered = rf"{_B}(?:{words})[ -](?:quarter|trimestre|квартал\w{{0,3}}){_E}"
        named = rf"{_B}quý (?:{words}){_E}|{_B}q{n}{_E}|(?<![前头])第?[{'一二三四'[int(n) - 1]}{n}]季度"
        yield "quarter", int(n), re.compile(f"{lettered}|{named}")
    for half, words, vi, zh in ((1, _FIRST, "đầu", "上"), (2, _LAST, "cuối", "下")):
        lettered = (
            rf"{_B}(?:{words}) (?:half of (?:the year|\d{{4}})|half-year|semestre|полугоди\w{{1,2}}){_E}"
            rf"|{_B}(?:{words}|last|derniers?) (?:six|6|шест\w+) (?:months|mois|месяц\w{{0,3}}){_E}"
        )
        named = rf"{_B}(?:nửa|sáu tháng|6 tháng) {vi}(?: năm)?{_E}|{zh}半年"
        months = r"|前[六6]个月|six premiers mois" if half == 1 else ""
        yield "half", half, re.compile(f"{lettered}|{named}{months}")


_PATTERNS = tuple(_patterns())


@dataclass(frozen=True, slots=True)
class Period:
    """The n-th quarter or half of a year (n from 1), `start` to `end` in the text."""

    kind: Literal["quarter", "half"]
    n: int
    start: int
    end: int


def periods(text: str) -> list[Period]:
    """Return the quarters and halves that a normalised text names, in order."""
    plain = text.lower()
    found = [Period(kind, n, m.start(), m.end()) for kind, n, each in _PATTERNS for m in each.finditer(plain)]
    return sorted(found, key=lambda period: (period.start, -period.end))
