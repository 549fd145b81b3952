"""Filters beside a question and over a list: languages, dates and sources, kept in the address."""

from __future__ import annotations

from datetime import date

import streamlit as st

from rag.documents import Filters
from rag.library import Library
from rag.ui import address, wording
from rag.ui.escaping import plain
from rag.ui.strings import Strings

LANGUAGE, SOURCE, SINCE, UNTIL = "language", "source", "since", "until"
OUTLETS = 300
"""Outlets to pick from, those with the most articles; any other, or a part of a path, can be typed."""
_EARLIEST, _LATEST = date(1800, 1, 1), date(2199, 12, 31)


def chosen() -> Filters:
    """The filters that the address names; what cannot be read is left out."""
    return Filters(
        languages=tuple(address.values(LANGUAGE)),
        since=_day(address.value(SINCE)),
        until=_day(address.value(UNTIL)),
        sources=tuple(address.values(SOURCE)),
    )


def clear() -> None:
    """Search everything again."""
    for name in (LANGUAGE, SOURCE, SINCE, UNTIL):
        address.show(name, [])


def told(filters: Filters, s: Strings) -> list[str]:
    """The filters in words, each that is set: "French and Chinese", "since 9 March 2025"."""
    words = [wording.listed([wording.language(code, s) for code in filters.languages], s)]
    words.append(wording.listed(filters.sources, s))
    if filters.since:
        words.append(s.filter_since.format(date=wording.day(filters.since, s)))
    if filters.until:
        words.append(s.filter_until.format(date=wording.day(filters.until, s)))
    return [word for word in words if word]


def draw(library: Library, place: str, s: Strings) -> None:
    """A button that says what is on, and the fields behind it; `place` keeps those of two places apart."""
    filters = chosen()
    label = " · ".join(told(filters, s)) or s.filters
    with st.popover(plain(label), key=f"{place}-filters", type="tertiary", icon=":material/filter_list:"):
        _fields(library, place, filters, s)
        if filters:
            st.button(s.no_filters, key=f"{place}-clear", on_click=clear)


def _fields(library: Library, place: str, filters: Filters, s: Strings) -> None:
    _many(place, LANGUAGE, s.language_label, list(filters.languages), list(library.overview().languages), s)
    outlets = list(library.listing.outlets())[:OUTLETS]
    _many(place, SOURCE, s.outlets, list(filters.sources), outlets, s)
    _date(place, SINCE, s.since, filters.since, s)
    _date(place, UNTIL, s.until, filters.until, s)


def _many(place: str, name: str, label: str, now: list[str], options: list[str], s: Strings) -> None:
    key = f"{place}-{name}"
    st.session_state[key] = now
    st.multiselect(
        label,
        options + [other for other in now if other not in options],
        key=key,
        placeholder=s.any,
        format_func=(lambda code: wording.language(code, s)) if name == LANGUAGE else str,
        accept_new_options=name == SOURCE,
        on_change=lambda: address.show(name, st.session_state[key]),
    )


def _date(place: str, name: str, label: str, now: date | None, s: Strings) -> None:
    key = f"{place}-{name}"
    st.session_state[key] = now

    def show() -> None:
        day: date | None = st.session_state[key]
        address.show(name, [day.isoformat()] if day else [])

    st.date_input(label, key=key, format=s.date_field, min_value=_EARLIEST, max_value=_LATEST, on_change=show)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _EARLIEST <= day <= _LATEST else None
