"""Dates, sizes, times and lists as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.documents import ArticleInfo
from rag.ui.strings import Strings


def listed(items: Sequence[str], s: Strings) -> str:
    """Join names: "A", "A and B", "A, B and C"."""
    if len(items) < 2:
        return "".join(items)
    return s.list_comma.join(items[:-1]) + s.list_last + items[-1]


def day(value: date, s: Strings) -> str:
    """A date in the interface's form."""
    return s.date.format(day=value.day, month=s.months[value.month - 1], year=value.year)


def language(code: str, s: Strings) -> str:
    """The name of a language, or its code where it has no name here."""
    return s.language_names.get(code, code)


def size(count: int, s: Strings) -> str:
    """A size in bytes, in decimal units: "118 MB", "1.12 GB"."""
    value, unit = float(count), 0
    while value >= 1000 and unit < len(s.units) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {s.units[unit]}"


def seconds(milliseconds: float, s: Strings) -> str:
    """A time: two digits below ten seconds, whole seconds above."""
    value = milliseconds / 1000
    return s.seconds.format(n=f"{value:.1f}" if value < 10 else f"{value:.0f}")


def outlet(article: ArticleInfo) -> str:
    """Who published an article; else the last part of its path or address."""
    return article.outlet or article.source.rstrip("/").replace("\\", "/").rsplit("/", 1)[-1]


def credits(article: ArticleInfo, s: Strings) -> list[str]:
    """What stands under a title: outlet, date, language."""
    published = [day(article.published, s)] if article.published else []
    return [outlet(article), *published, language(article.language, s)]
