"""Filters by language, date and source for questions and lists, stored in the address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from rag.conversations import Conversation
from rag.library import Library
from rag.types import Filters
from rag.ui import formatting, url_state
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

LANGUAGE, SOURCE, SINCE, UNTIL, AMONG = "language", "source", "since", "until", "among"
COLLECTION = "collection"
NAMES = (LANGUAGE, SOURCE, SINCE, UNTIL, AMONG, COLLECTION)
"""The parameters of the address."""
MAX_OUTLETS = 300
"""Maximum number of outlets listed, by number of articles; others can be typed. Not fitted."""
EARLIEST, LATEST = date(1800, 1, 1), date(2199, 12, 31)
"""Bounds of the dates that a field accepts."""


def chosen() -> Filters:
    """Read the filters from the address, ignoring invalid values."""
    return Filters(
        languages=tuple(url_state.values(LANGUAGE)),
        since=_day(url_state.value(SINCE)),
        until=_day(url_state.value(UNTIL)),
        sources=tuple(url_state.values(SOURCE)),
        articles=tuple(url_state.values(AMONG)),
        collections=tuple(url_state.values(COLLECTION)),
    )


def clear() -> None:
    """Remove all filters."""
    url_state.set_parameters(dict.fromkeys(NAMES, ()))


def scope_of(conversation: Conversation | None) -> dict[str, tuple[str, ...]]:
    """Return the address's parameters for the articles of a conversation's last question.

    A new conversation, None, keeps the current collection.
    """
    if conversation is None:
        return {AMONG: ()}
    filters = conversation.exchanges[-1].filters if conversation.exchanges else Filters()
    return {AMONG: filters.articles, COLLECTION: filters.collections}


def describe(filters: Filters, s: Strings) -> list[str]:
    """Describe each active filter: "3 articles", "French and Chinese", "since 9 March 2025"."""
    parts = [s.holdings.articles.format(len(filters.articles))] if filters.articles else []
    parts += [s.collections.filter.format(name=name) for name in filters.collections]
    parts += [formatting.listed([formatting.language(code, s) for code in filters.languages], s)]
    parts.append(formatting.listed(filters.sources, s))
    if filters.since:
        parts.append(s.filters.filter_since.format(date=formatting.day(filters.since, s)))
    if filters.until:
        parts.append(s.filters.filter_until.format(date=formatting.day(filters.until, s)))
    return [part for part in parts if part]


def draw(library: Library, place: str, s: Strings) -> None:
    """Draw a button with the active filters, and its fields; `place` makes widget keys unique.

    Selected articles have their own button, which removes them.
    """
    filters = chosen()
    others = replace(filters, articles=())
    if filters.articles:
        _chip(place, " · ".join(describe(replace(Filters(), articles=filters.articles), s)), s)
    label = " · ".join(describe(others, s)) or s.filters.filters
    with st.popover(plain(label), key=f"{place}-filters", type="tertiary", icon=":material/filter_list:"):
        _fields(library, place, filters, s)
        if filters:
            st.button(s.filters.no_filters, key=f"{place}-clear", on_click=clear)


def _chip(place: str, label: str, s: Strings) -> None:
    """Draw the selected articles as a chip; a click searches all articles again."""
    st.button(
        plain(label),
        key=f"{place}-{AMONG}",
        help=s.filters.all_articles,
        icon=":material/close:",
        icon_position="right",
        on_click=lambda: url_state.set_parameter(AMONG, []),
    )


def _fields(library: Library, place: str, filters: Filters, s: Strings) -> None:
    _multiselect(
        place,
        LANGUAGE,
        s.filters.language_label,
        list(filters.languages),
        list(library.overview().languages),
        s,
    )
    collections = [one.name for one in library.collections.all()]
    if collections or filters.collections:
        _multiselect(place, COLLECTION, s.collections.title, list(filters.collections), collections, s)
    outlets = list(library.listing.outlets())[:MAX_OUTLETS]
    _multiselect(place, SOURCE, s.filters.outlets, list(filters.sources), outlets, s)
    _date(place, SINCE, s.filters.since, filters.since, s)
    _date(place, UNTIL, s.filters.until, filters.until, s)


def _multiselect(
    place: str, name: str, label: str, current: list[str], options: list[str], s: Strings
) -> None:
    key = f"{place}-{name}"
    st.session_state[key] = current
    st.multiselect(
        label,
        options + [other for other in current if other not in options],
        key=key,
        placeholder=s.filters.any,
        format_func=(lambda code: formatting.language(code, s)) if name == LANGUAGE else str,
        accept_new_options=name == SOURCE,
        on_change=lambda: url_state.set_parameter(name, st.session_state[key]),
    )


def _date(place: str, name: str, label: str, current: date | None, s: Strings) -> None:
    key = f"{place}-{name}"
    st.session_state[key] = current

    def show() -> None:
        day: date | None = st.session_state[key]
        url_state.set_parameter(name, [day.isoformat()] if day else [])

    st.date_input(
        label, key=key, format=s.figures.date_field, min_value=EARLIEST, max_value=LATEST, on_change=show
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
