"""Extract days, months, years, decades and centuries from a normalised text.

The numbers of the text are extracted first. Patterns then match a mask of the text, in which every number is
a run of zeros (date_patterns.masked), so that the same patterns serve digits and number words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.verification.figures.date_patterns import (
    AMBIGUOUS,
    CENTURY,
    DAY_FIRST,
    DAYS,
    DECADE,
    FORMATS,
    MONTH_NAME,
    MONTHS,
    YEARS,
    N,
)
from rag.verification.figures.digits import Numeral


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date or a part of one, `start` to `end` in the text.

    `kind`: "day", "month", "year", "decade" or "century". `values`: days of the month, months, years, the
    first year of a decade, or the number of a century; several are alternatives. `months`: those to which a
    day may belong.
    """

    kind: str
    start: int
    end: int
    values: frozenset[int]
    months: frozenset[int] = frozenset()


class DateReader:
    """Reads the dates of one text, once. `_taken` are the starts of the numbers and month names in use."""

    def __init__(self, text: str, mask: str, numbers: Sequence[Numeral], language: str) -> None:
        self._text, self._mask, self._language = text, mask, language
        self._numbers = {number.start: number for number in numbers}
        self._taken: set[int] = set()

    def read(self) -> list[CalendarDate]:
        """Return the dates in order; no two of them overlap."""
        found = [*self._centuries(), *self._decades()]
        for pattern in FORMATS:
            for match in pattern.finditer(self._mask):
                found += self._parts_of(match)
        found += self._years()
        return sorted(found, key=lambda date: date.start)

    def _free_numbers(self, start: int, end: int) -> list[Numeral]:
        """Return the numbers within a span that are not part of a date yet."""
        places = (m.start() for m in re.finditer(N, self._mask[start:end]))
        numbers = [self._numbers.get(start + place) for place in places]
        return [number for number in numbers if number and number.start not in self._taken]

    def _take(self, kind: str, number: Numeral, values: set[int]) -> CalendarDate:
        self._taken.add(number.start)
        return CalendarDate(kind, number.start, number.end, frozenset(values))

    def _parts_of(self, match: re.Match[str]) -> Iterator[CalendarDate]:
        """Yield the days, months and year of a match of one of FORMATS, and mark their numbers as taken.

        Days carry their months; months are yielded only without a day. A number after a month may be its
        year.
        """
        groups = match.groupdict()
        if groups.get("full"):
            yield from self._full(match)
            return
        months = self._months(match)
        if months is None or (groups.get("bare") and not self._is_date(match)):
            return
        days = self._free_numbers(*match.span("days")) if groups.get("days") else []
        for number in days:
            value = _integer(number)
            if value in DAYS and "%" not in self._mask[number.end : number.end + 2]:
                yield self._day(match, number, days, months)
            elif value in YEARS and months:
                yield self._take("year", number, {value})
                break
        if not any(_integer(number) in DAYS for number in days):
            yield from self._monthly(match, months)
        if groups.get("year"):
            for number in self._free_numbers(*match.span("year")):
                if _integer(number) in YEARS or self._mask.startswith("年", number.end):
                    yield self._take("year", number, {_integer(number)})
        if groups.get("months"):
            self._taken.update(number.start for number in self._free_numbers(*match.span("months")))

    def _day(
        self, match: re.Match[str], number: Numeral, days: Sequence[Numeral], months: Sequence[int]
    ) -> CalendarDate:
        """Return a day of a list of days; the span of the one next to the month includes the month."""
        start, end = number.start, number.end + self._mask.startswith(("日", "号"), number.end)
        name = "month" if match.groupdict().get("month") else "months"
        if match.groupdict().get(name):
            place = match.span(name)
            if place[1] <= start and number is days[0]:
                start = place[0]
            elif end <= place[0] and number is days[-1]:
                end = place[1]
        self._taken.update((number.start, *((match.start(name),) if months else ())))
        return CalendarDate("day", start, end, frozenset([_integer(number)]), frozenset(months))

    def _is_date(self, match: re.Match[str]) -> bool:
        """Tell whether "14/9" without a word such as "ngày" is a date, not a fraction, score or 24/7."""
        day, *month = (_integer(number) for number in self._free_numbers(*match.span("bare")))
        return 12 < day <= 31 and [day, *month] != [24, 7]

    def _full(self, match: re.Match[str]) -> Iterator[CalendarDate]:
        """Yield day and year of a date of three numbers, in both readings if day and month are ambiguous."""
        numbers = self._free_numbers(*match.span())
        if len(numbers) != 3:
            return
        values = [_integer(number) for number in numbers]
        year = 0 if values[0] > 31 else 2
        pair = [values[i] for i in range(3) if i != year]
        if not (all(value in DAYS for value in pair) and min(pair) <= 12):
            return
        first, second = (number for i, number in enumerate(numbers) if i != year)
        self._taken.update((first.start, second.start))
        if year == 0 or self._language in DAY_FIRST:
            day, month = pair if year == 2 else pair[::-1]
            if month > 12:
                day, month = month, day
            days, months = frozenset([day]), frozenset([month])
        else:
            days, months = frozenset(pair), frozenset(value for value in pair if value <= 12)
        yield CalendarDate("day", first.start, second.end, days, months)
        years = {values[year]} if values[year] > 99 else {values[year] + 1900, values[year] + 2000}
        yield self._take("year", numbers[year], years)

    def _months(self, match: re.Match[str]) -> list[int] | None:
        """Return the months that a match names; [] if it names none, None if it is not a date."""
        groups = match.groupdict()
        if groups.get("month"):
            alone = not groups.get("days") and not groups.get("year")
            if match.start("month") in self._taken or (alone and self._may_be_word(match)):
                return None
            return [MONTHS[match["month"]]]
        if groups.get("months"):
            months = [_integer(number) for number in self._free_numbers(*match.span("months"))]
            return months if months and all(1 <= month <= 12 for month in months) else None
        return []

    def _may_be_word(self, match: re.Match[str]) -> bool:
        """Tell whether a month's name without day and year may be another word: may, mars, мае."""
        name = self._text[match.start("month") : match.end("month")]
        before = self._mask[max(0, match.start("month") - 20) : match.start("month")]
        if self._language in ("ru", "fr") and name[0].isupper() and before.strip():
            return True
        if match["month"] not in AMBIGUOUS:
            return len(name) <= 3 and name != "май" and not name[0].isupper()
        context = re.search(
            r"(?:^|\W)(?:in|since|of|last|until|by|from|early|late|mid|next|this|"
            r"en|de|fin|début|depuis|в|к|с)[ -]$"
            rf"|(?<![^\W_])(?:{MONTH_NAME})(?:,| and| or| to| et| ou| à)? ?[-–]? ?$",
            before,
        )
        return context is None or (self._language == "en" and name[0].islower())

    def _monthly(self, match: re.Match[str], months: list[int]) -> Iterator[CalendarDate]:
        """Yield the months of a match that has no days."""
        if match.groupdict().get("month"):
            start, end = match.span("month")
            self._taken.add(start)
            yield CalendarDate("month", start, end, frozenset(months))
        elif match.groupdict().get("months"):
            for number, month in zip(self._free_numbers(*match.span("months")), months, strict=True):
                self._taken.add(number.start)
                start = number.start - 6 * self._mask.endswith("tháng ", 0, number.start)
                end = number.end + self._mask.startswith("月", number.end)
                yield CalendarDate("month", start, end, frozenset([month]))

    def _decades(self) -> Iterator[CalendarDate]:
        for match in DECADE.finditer(self._mask):
            for number in self._free_numbers(*match.span("n" if match["n"] else "m")):
                value = _integer(number)
                if value % 10 == 0 and (0 <= value < 100 or value in YEARS):
                    yield self._take("decade", number, {value})

    def _centuries(self) -> Iterator[CalendarDate]:
        for match in CENTURY.finditer(self._mask):
            for number in self._free_numbers(*match.span("n" if match["n"] else "m")):
                if 1 <= _integer(number) <= 30:
                    yield self._take("century", number, {_integer(number)})

    def _years(self) -> Iterator[CalendarDate]:
        """Yield years that stand alone, and the short second year of a range: 2021-22."""
        last: Numeral | None = None
        for number in self._numbers.values():
            if number.start in self._taken:
                last = number if _integer(number) in YEARS else None
                continue
            value, raw = _integer(number), self._text[number.start : number.end]
            joined = last and self._mask[last.end : number.start] in ("-", "–", "—", "/")
            if joined and last and len(raw) == 2 and raw.isdigit():
                yield self._take("year", number, {_integer(last) // 100 * 100 + value})
            elif self._is_year(number, raw, value):
                yield self._take("year", number, {value})
                last = number
            else:
                last = None

    def _is_year(self, number: Numeral, raw: str, value: int) -> bool:
        """Tell whether a number is a year: 1000 to 2200 in four characters, or as in 公元前221年."""
        han = self._mask[number.end : number.end + 2].lstrip()[:1] == "年"
        if number.doubtful and not han:
            return False
        if len(raw) == 4:
            return value in YEARS and not number.values - {value}
        before_christ = self._text[max(0, number.start - 2) : number.start] == "元前"
        return han and before_christ and len(raw) == 3 and raw.isdigit()


def _integer(number: Numeral) -> int:
    """Return a number's smallest value if it is an integer, else -1."""
    value = min(number.values, default=-1)
    return int(value) if value == int(value) else -1
