"""Bar charts in HTML and CSS, which screen readers can read and which follow the theme."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from rag.library import Library
from rag.ui import formatting
from rag.ui.strings import Strings

MAX_MONTHS = 72
"""Maximum number of months in a chart; longer periods are drawn by year. Not fitted."""
MAX_OUTLETS = 12
"""Maximum number of outlets in the chart. Not fitted."""


def draw(library: Library, s: Strings) -> None:
    """Draw the articles by language, outlet and month."""
    listing = library.listing
    languages = {formatting.language(code, s): n for code, n in listing.languages().items()}
    outlets = dict(list(listing.outlets().items())[:MAX_OUTLETS])
    with st.container(key="charts"):
        st.html(bars(s.articles.by_language, languages, s))
        st.html(bars(s.articles.by_outlet, outlets, s))
        st.html(over_time(s.articles.by_month, listing.months(), s))


def bars(title: str, figures: Mapping[str, int], s: Strings) -> str:
    """Draw a bar for each name, as HTML."""
    peak = max(figures.values(), default=0)
    rows = "".join(
        f'<div><dt dir="auto">{escape(name)}</dt>'
        f'<dd><span style="width:{100 * n / peak:.1f}%"></span>{escape(formatting.number(n, s))}</dd></div>'
        for name, n in figures.items()
    )
    return f'<section class="by-bars"><h3>{escape(title)}</h3><dl>{rows}</dl></section>'


def over_time(title: str, figures: Mapping[str, int], s: Strings) -> str:
    """Draw a column for each month ("2025-03") from first to last, or for each year, as HTML."""
    if not figures:
        return ""
    first, last = min(figures), max(figures)
    months = _months(first, last)
    if len(months) <= MAX_MONTHS:
        counts = {month: (formatting.month(month, s), figures.get(month, 0)) for month in months}
    else:
        years = {str(year): 0 for year in range(int(first[:4]), int(last[:4]) + 1)}
        for month, n in figures.items():
            years[month[:4]] += n
        counts = {year: (year, n) for year, n in years.items()}
    peak = max(n for _, n in counts.values())
    labelled = _labelled_periods(list(counts))
    columns = "".join(
        _column(name, period[:4] * (period in labelled), n, peak, s) for period, (name, n) in counts.items()
    )
    return f'<section class="by-time"><h3>{escape(title)}</h3><ol>{columns}</ol></section>'


def _labelled_periods(periods: list[str]) -> set[str]:
    """Choose the columns labelled with their year: the first and each January, or years that fit."""
    if "-" in periods[0]:
        return {period for period in periods if period.endswith("-01")} or {periods[0]}
    return {year for year in periods if int(year) % (1 + len(periods) // 16) == 0}


def _column(name: str, year: str, n: int, peak: int, s: Strings) -> str:
    words = escape(f"{name}: {s.holdings.articles.format(n)}")
    return (
        f'<li title="{words}"><i style="height:{100 * n / peak:.1f}%"></i>'
        f'<span class="by-unseen">{words}</span><b aria-hidden="true">{year}</b></li>'
    )


def _months(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1)]
