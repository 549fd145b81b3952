"""Resolve relative dates (yesterday, on Tuesday, last year) against an article's publication date."""

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
"""Maximum number of characters from a weekday to its date: Saturday, the 29 June; thứ năm, ngày 5/12. Not
fitted."""


@dataclass(frozen=True, slots=True)
class RelativeDates:
    """The dates that a text's relative expressions mean.

    `sure`: the days of unambiguous expressions. `possible` and `years`: days and years that may be meant.
    `vague`: any day near the article's date may be meant ("recently").
    """

    sure: frozenset[date] = frozenset()
    possible: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    vague: bool = False

    @property
    def any(self) -> bool:
        """Whether there is an expression for a day."""
        return self.vague or bool(self.sure or self.possible)


def relative_dates(
    text: str, language: str, published: date | None, dates: Sequence[tuple[int, int]]
) -> RelativeDates:
    """Resolve the relative dates of a normalised text; none without a publication date.

    `dates` are the spans of its absolute days: a weekday next to one is that day's.
    """
    words = _expressions().get(language)
    if published is None or words is None:
        return RelativeDates()
    plain = text.lower()
    sure, possible = set[date](), set[date]()
    for match in words.days.finditer(plain):
        offset = int(str(match.lastgroup).replace("m", "-").removeprefix("d"))
        sure.add(published + timedelta(days=offset))
        # The publication date is often a day before or after the day of writing.
        possible |= {published + timedelta(days=offset + step) for step in (-1, 1)}
    starts, ends = {start for start, _ in dates}, {end for _, end in dates}
    for match in words.weekdays.finditer(plain):
        behind = starts.intersection(range(match.end(), match.end() + _MAX_DATE_GAP_CHARACTERS))
        if not behind and not ends.intersection(range(match.start() - 3, match.start() + 1)):
            away = (int(str(match.lastgroup).removeprefix("d")) - published.weekday()) % 7
            possible |= {published + timedelta(days=away - 7 * back) for back in (0, 1)}
    years = {published.year - 1} if words.last.search(plain) else set()
    years |= {published.year + 1} if words.next.search(plain) else set()
    vague = words.vague.search(plain) is not None
    return RelativeDates(frozenset(sure), frozenset(possible), frozenset(years), vague)


def around(published: date, max_days: int) -> frozenset[date]:
    """Return the days that are at most `max_days` before or after a date."""
    return frozenset(published + timedelta(days=n) for n in range(-max_days, max_days + 1))


@dataclass(frozen=True, slots=True)
class _Expressions:
    """Patterns of one language; the groups of `days` and `weekdays` are named by the offset or weekday."""

    days: re.Pattern[str]
    weekdays: re.Pattern[str]
    vague: re.Pattern[str]
    last: re.Pattern[str]
    next: re.Pattern[str]


@cache
def _expressions() -> dict[str, _Expressions]:
    """Return the relative expressions of calendar.json, by language."""
    lists = json.loads(Path(__file__).with_name("calendar.json").read_text("utf-8"))["relative"]
    return {
        code: _Expressions(
            _grouped(row["days"], code),
            _grouped(_weekdays(code), code),
            *(_any(row[name], code) for name in ("vague", "last year", "next year")),
        )
        for code, row in lists.items()
    }


def _grouped(rows: dict[str, str], code: str) -> re.Pattern[str]:
    """Compile rows into one pattern with a group for each, named by its key: d0, dm1 for -1."""
    parts = (f"(?P<d{key.replace('-', 'm')}>{row})" for key, row in rows.items())
    return _any("|".join(parts), code)


def _weekdays(code: str) -> dict[str, str]:
    """Return the names of each weekday, joined by "|"; Monday is "0"."""
    names = weekday_names(code, abbreviated=False)
    return {str(n): "|".join(name for name, day in names.items() if day == n) for n in range(7)}


def _any(words: str, code: str) -> re.Pattern[str]:
    return re.compile(words if code == "zh" else rf"(?<![^\W_])(?:{words})(?![^\W_])")
