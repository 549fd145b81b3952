"""Parse the range of dates that a question names: a day, a month or a year, in five languages."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from rag.text.calendar_names import month_names

_YEAR = r"(?:19|20)\d\d"
_ISO = rf"{_YEAR}-\d\d?(?:-\d\d?)?(?!\d)"
_NUMERIC_DATES = {
    "zh": rf"{_YEAR} ?年(?: ?\d{{1,2}} ?月份?(?: ?\d{{1,2}} ?[日号])?)?",
    "vi": rf"(?:ngày \d{{1,2}}(?:/| tháng ))?tháng \d{{1,2}}(?:/|,? năm ){_YEAR}"
    rf"|(?:ngày )?\d{{1,2}}(?:/| tháng )\d{{1,2}}(?:/|,? năm ){_YEAR}|năm {_YEAR}|{_YEAR}",
}
_DATE_WITH_MONTH_NAME = (
    r"(?:(?:the )?\d{{1,2}}(?:st|nd|rd|th|er)? (?:of )?)?(?:{months})\.?(?: \d{{1,2}}(?:st|nd|rd|th)?,)?"
    r",? (?:of |de )?{year}|{year}"
)
_YEAR_SUFFIX = {"ru": r"(?:\s?(?:года|году|годом|год|г\.?))?"}


class DateRange(NamedTuple):
    """The days from `first` to `last`, both included."""

    first: date
    last: date


@cache
def date_range_pattern(language: str) -> str:
    """Return a regular expression, without capturing groups, that matches a range in a language."""
    months = "|".join(sorted(map(re.escape, month_names(language)), key=len, reverse=True))
    shape = _NUMERIC_DATES.get(language) or _DATE_WITH_MONTH_NAME.format(months=months, year=_YEAR)
    return rf"(?:{_ISO}|(?:{shape}){_YEAR_SUFFIX.get(language, '')})(?!\d)"


def date_range(text: str, language: str) -> DateRange | None:
    """Parse a text that `date_range_pattern` matches; None if the date does not exist."""
    text = text.lower()
    year = re.search(_YEAR, text)
    if year is None:
        return None
    months, rest = month_names(language), text[: year.start()] + " " + text[year.end() :]
    named = next((n for word in re.findall(r"[^\W\d_]+", rest) if (n := months.get(word))), 0)
    numbers = [int(n) for n in re.findall(r"\d+", rest)]
    if not named and numbers and language != "zh" and not re.match(_ISO, text):
        numbers.reverse()  # the day first
    parts = [named, *numbers] if named else numbers
    return _range_of(int(year[0]), *parts[:2])


def relative_range(name: str, today: date) -> DateRange:
    """Return the range of a name relative to today: "yesterday", "week", "month", "month-1", "year-1" ..."""
    yesterday, last_month = today - timedelta(days=1), today.replace(day=1) - timedelta(days=1)
    return {
        "today": DateRange(today, today),
        "yesterday": DateRange(yesterday, yesterday),
        "week": DateRange(today - timedelta(days=today.weekday()), today),
        "month": _month(today.year, today.month),
        "month-1": _month(last_month.year, last_month.month),
        "year": _year(today.year),
        "year-1": _year(today.year - 1),
    }[name]


def _range_of(year: int, month: int = 0, day: int = 0) -> DateRange | None:
    try:
        if day:
            return DateRange(date(year, month, day), date(year, month, day))
        return _month(year, month) if month else _year(year)
    except ValueError:
        return None


def _year(year: int) -> DateRange:
    return DateRange(date(year, 1, 1), date(year, 12, 31))


def _month(year: int, month: int) -> DateRange:
    return DateRange(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
