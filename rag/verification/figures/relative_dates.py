"""Which days and years a passage tells by the day it was written: yesterday, on Tuesday, last year."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from rag.text.calendar_names import weekday_names

_MAX_DATE_GAP_CHARACTERS = 12
"""Characters from a weekday within which its date stands: Saturday, the 29 June; thứ năm, ngày 5/12."""


@dataclass(frozen=True, slots=True)
class Told:
    """Days that are surely meant, days and years that may be; `vague`: any near the article's may."""

    sure: frozenset[date] = frozenset()
    maybe: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    vague: bool = False

    @property
    def any(self) -> bool:
        """Whether any day near the article's is told."""
        return self.vague or bool(self.sure or self.maybe)


def told(text: str, language: str, published: date | None, dates: Sequence[tuple[int, int]]) -> Told:
    """What a folded text tells so; `dates` are the spans of its days: a weekday beside one is that day."""
    words = _words().get(language)
    if published is None or words is None:
        return Told()
    plain = text.lower()
    sure, maybe = set[date](), set[date]()
    for match in words.days.finditer(plain):
        offset = int(str(match.lastgroup).replace("m", "-").removeprefix("d"))
        sure.add(published + timedelta(days=offset))
        # A page is often dated a day before or after it was written.
        maybe |= {published + timedelta(days=offset + step) for step in (-1, 1)}
    starts, ends = {start for start, _ in dates}, {end for _, end in dates}
    for match in words.weekdays.finditer(plain):
        behind = starts.intersection(range(match.end(), match.end() + _MAX_DATE_GAP_CHARACTERS))
        if not behind and not ends.intersection(range(match.start() - 3, match.start() + 1)):
            away = (int(str(match.lastgroup).removeprefix("d")) - published.weekday()) % 7
            maybe |= {published + timedelta(days=away - 7 * back) for back in (0, 1)}
    years = {published.year - 1} if words.last.search(plain) else set()
    years |= {published.year + 1} if words.next.search(plain) else set()
    vague = words.vague.search(plain) is not None
    return Told(frozenset(sure), frozenset(maybe), frozenset(years), vague)


def around(published: date, reach: int) -> frozenset[date]:
    """The days up to `reach` from the article's."""
    return frozenset(published + timedelta(days=n) for n in range(-reach, reach + 1))


@dataclass(frozen=True, slots=True)
class _Words:
    days: re.Pattern[str]
    weekdays: re.Pattern[str]
    vague: re.Pattern[str]
    last: re.Pattern[str]
    next: re.Pattern[str]


@cache
def _words() -> dict[str, _Words]:
    """The words of each language that calendar.json has."""
    lists = json.loads(Path(__file__).with_name("calendar.json").read_text("utf-8"))["relative"]
    return {
        code: _Words(
            _grouped(row["days"], code),
            _grouped(_weekdays(code), code),
            *(_any(row[name], code) for name in ("vague", "last year", "next year")),
        )
        for code, row in lists.items()
    }


def _grouped(rows: dict[str, str], code: str) -> re.Pattern[str]:
    """A group of its own, named after the key, for each row: d0, dm1 for -1."""
    parts = (f"(?P<d{key.replace('-', 'm')}>{row})" for key, row in rows.items())
    return _any("|".join(parts), code)


def _weekdays(code: str) -> dict[str, str]:
    """The names of each weekday, joined by "|"; Monday is "0"."""
    names = weekday_names(code, abbreviated=False)
    return {str(n): "|".join(name for name, day in names.items() if day == n) for n in range(7)}


def _any(words: str, code: str) -> re.Pattern[str]:
    return re.compile(words if code == "zh" else rf"(?<![^\W_])(?:{words})(?![^\W_])")
