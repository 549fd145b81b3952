"""Dates of which only a part is known, in a language."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton

from rag.locales.catalogue import locale_of


def partial_date(year: int, month: int, day: int, language: str) -> str:
    """Format a date as far as it is known: "2024", "May 2024", "2 May 2024"; 0 stands for what is not."""
    skeleton = "yMMMd" if day else "yMMM" if month else "y"
    return str(format_skeleton(skeleton, date(year, month or 1, day or 1), locale=locale_of(language)))
