"""Feeds and watched folders on the page "Add articles"."""

from __future__ import annotations

import streamlit as st

from rag.library import Library
from rag.locales.message import render
from rag.store.ledger_rows import Feed
from rag.ui import app_state, formatting, ingest_run
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_ADDRESS, _MINUTES = "feed-address", "feed-minutes"
MIN_MINUTES, MAX_MINUTES = 5, 7 * 24 * 60
"""Bounds of a feed's interval: 5 minutes to a week."""


def draw(library: Library, s: Strings) -> None:
    """Draw the subscriptions, the form and the watched folders."""
    feeds, watched = library.feeds.all(), library.settings.watched
    with st.expander(s.feeds.title, key="feeds", expanded=bool(feeds)):
        st.markdown(plain(s.feeds.more))
        for n, feed in enumerate(feeds):
            _feed(library, feed, n, s)
        if not app_state.ingest_job().running:
            if feeds:
                st.button(
                    s.feeds.now,
                    key="feeds-now",
                    icon=":material/refresh:",
                    on_click=_fetch_all,
                    args=(library,),
                )
            _form(library, s)
    if watched:
        st.caption(
            plain(s.feeds.watched_folders.format(folders=formatting.listed([str(f) for f in watched], s)))
        )


def _feed(library: Library, feed: Feed, n: int, s: Strings) -> None:
    with st.container(key=f"feed-{n}", horizontal=True, vertical_alignment="center"):
        lines = [f"**{plain(feed.title or feed.address)}**", plain(feed.address), plain(_schedule(feed, s))]
        if feed.error:
            lines.append(f":material/error: {plain(render(feed.error, s.language))}")
        st.markdown("  \n".join(lines))
        label = s.feeds.remove
        st.button(
            label, key=f"feed-remove-{n}", type="tertiary", on_click=_remove, args=(library, feed.address)
        )


def _schedule(feed: Feed, s: Strings) -> str:
    """Return a feed's interval and the time of its last fetch."""
    if feed.looked is None:
        return s.feeds.never.format(minutes=formatting.number(feed.minutes, s))
    when = formatting.moment(feed.looked, s)
    return s.feeds.looked.format(minutes=formatting.number(feed.minutes, s), when=when)


def _form(library: Library, s: Strings) -> None:
    with st.form(key="feeds-form", clear_on_submit=True):
        st.text_input(s.feeds.address, placeholder=s.feeds.address_more, key=_ADDRESS)
        usual = min(max(library.settings.feeds, MIN_MINUTES), MAX_MINUTES)
        st.number_input(s.feeds.minutes, MIN_MINUTES, MAX_MINUTES, usual, step=5, key=_MINUTES)
        st.form_submit_button(s.feeds.subscribe, on_click=_subscribe, args=(library,))


def _subscribe(library: Library) -> None:
    """Subscribe, and fetch the feed immediately. A callback."""
    address = str(st.session_state.get(_ADDRESS) or "").strip()
    minutes = int(st.session_state.get(_MINUTES) or library.settings.feeds)
    if address:
        ingest_run.begin(
            lambda on_progress, stop: library.feeds.update(
                [library.feeds.add(address, minutes).address], on_progress, stop
            )
        )


def _fetch_all(library: Library) -> None:
    ingest_run.begin(lambda on_progress, stop: library.feeds.update(None, on_progress, stop))


def _remove(library: Library, address: str) -> None:
    if any(feed.address == address for feed in library.feeds.all()):  # another tab may have removed it
        library.feeds.remove(address)
