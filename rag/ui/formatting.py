"""Format dates, numbers, sizes, times and lists in the interface's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from rag.types import ArticleInfo
from rag.ui.strings import Strings

_MIN_COUNTED_OUTLETS = 2
"""Minimum number of other outlets whose count is shown. Not fitted."""


def listed(items: Sequence[str], s: Strings) -> str:
    """Join names: "A", "A and B", "A, B and C"."""
    return format_list(list(items), locale=s.locale)


def day(value: date, s: Strings) -> str:
    """Format a date: "9 March 2025"."""
    return format_date(value, "long", locale=s.locale)


def moment(value: datetime, s: Strings) -> str:
    """Format a date and time in this machine's time zone: "9 Mar 2025, 14:05"."""
    return format_datetime(value.astimezone().replace(tzinfo=None), "medium", locale=s.locale)


def short_day(value: date, s: Strings) -> str:
    """Format a date briefly: "9 Mar 2025"."""
    return format_date(value, "medium", locale=s.locale)


def month(value: str, s: Strings) -> str:
    """Format a month given as "2025-03": "March 2025"."""
    return format_skeleton("yMMMM", date(int(value[:4]), int(value[5:7]), 1), locale=s.locale)


def number(value: float, s: Strings) -> str:
    """Format a number: "1,234.5"."""
    return format_decimal(value, locale=s.locale)


def percent(share: float, s: Strings) -> str:
    """Format a share from 0 to 1 as a whole percentage: "62%"."""
    return format_percent(share, locale=s.locale)


def language(code: str, s: Strings) -> str:
    """Return the name of a language, or its code where the name is unknown."""
    return str(s.locale.languages.get(code, code))


def own_name(code: str) -> str:
    """Return a language's own name: "Français"."""
    try:
        name = Locale.parse(code).get_language_name()
    except UnknownLocaleError:
        name = None
    return name[:1].upper() + name[1:] if name else code


def size(count: int, s: Strings) -> str:
    """Format a size in bytes in decimal units, three digits: "118 MB", "1.12 GB"."""
    value, unit = float(count), 0
    while value >= 1000 and unit < len(s.figures.units) - 1:
        value, unit = value / 1000, unit + 1
    return f"{number(float(f'{value:.3g}'), s)} {s.figures.units[unit]}"


def seconds(milliseconds: float, s: Strings) -> str:
    """Format milliseconds as seconds: two digits below 10 s, whole seconds above."""
    value = milliseconds / 1000
    return s.figures.seconds.format(n=number(round(value, 1) if value < 10 else round(value), s))


def outlet(article: ArticleInfo) -> str:
    """Return an article's outlet, or the last part of its path or address."""
    return article.outlet or article.source.rstrip("/").replace("\\", "/").rsplit("/", 1)[-1]


def also_in(copies: Sequence[ArticleInfo], s: Strings) -> list[str]:
    """Describe the other outlets with the same passage, each once; empty where there are none."""
    outlets = list(dict.fromkeys(outlet(article) for article in copies))
    if len(outlets) < _MIN_COUNTED_OUTLETS:
        return [s.answer.also_in.format(outlets=listed(outlets, s))] if outlets else []
    count = number(len(outlets) + 1, s)
    return [s.answer.reported_by.format(n=count, outlets=listed(outlets, s))]


def credits(article: ArticleInfo, s: Strings) -> list[str]:
    """Return the line under a title: outlet, date, language."""
    published = [day(article.published, s)] if article.published else []
    return [outlet(article), *published, language(article.language, s)]
