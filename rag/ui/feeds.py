"""The part of the page for adding articles that is about feeds, and about folders that are watched."""

from __future__ import annotations

import streamlit as st

from rag.library import Library
from rag.store import Feed
from rag.ui import messages, resources, wording
from rag.ui.escaping import plain
from rag.ui.strings import Strings

_ADDRESS, _MINUTES = "feed-address", "feed-minutes"
_FEWEST, _MOST = 5, 7 * 24 * 60
"""Minutes between two looks."""


def section(library: Library, s: Strings) -> None:
    """Subscriptions with a form for another one, and the watched folders."""
    feeds, watched = library.feeds.all(), library.settings.watched
    with st.expander(s.feeds_title, key="feeds", expanded=bool(feeds)):
        st.markdown(plain(s.feeds_more))
        for n, feed in enumerate(feeds):
            _feed(library, feed, n, s)
        if not resources.adding().running:
            if feeds:
                st.button(
                    s.feeds_now, key="feeds-now", icon=":material/refresh:", on_click=_look, args=(library,)
                )
            _form(library, s)
    if watched:
        st.caption(plain(s.watched_folders.format(folders=wording.listed([str(f) for f in watched], s))))


def _feed(library: Library, feed: Feed, n: int, s: Strings) -> None:
    with st.container(key=f"feed-{n}", horizontal=True, vertical_alignment="center"):
        lines = [f"**{plain(feed.title or feed.address)}**", plain(feed.address), plain(_looked(feed, s))]
        if feed.error:
            lines.append(f":material/error: {plain(messages.told(feed.error, s))}")
        st.markdown("  \n".join(lines))
        label = s.feeds_remove
        st.button(
            label, key=f"feed-remove-{n}", type="tertiary", on_click=_remove, args=(library, feed.address)
        )


def _looked(feed: Feed, s: Strings) -> str:
    """How often it is looked at, and when it last was."""
    if feed.looked is None:
        return s.feeds_never.format(minutes=wording.number(feed.minutes, s))
    when = wording.moment(feed.looked, s)
    return s.feeds_looked.format(minutes=wording.number(feed.minutes, s), when=when)


def _form(library: Library, s: Strings) -> None:
    with st.form(key="feeds-form", clear_on_submit=True):
        st.text_input(s.feeds_address, placeholder=s.feeds_address_more, key=_ADDRESS)
        usual = min(max(library.settings.feeds, _FEWEST), _MOST)
        st.number_input(s.feeds_minutes, _FEWEST, _MOST, usual, step=5, key=_MINUTES)
        st.form_submit_button(s.feeds_subscribe, on_click=_subscribe, args=(library,))


def _subscribe(library: Library) -> None:
    """Subscribe, and look at once. A callback."""
    address = str(st.session_state.get(_ADDRESS) or "").strip()
    minutes = int(st.session_state.get(_MINUTES) or library.settings.feeds)
    if address:
        resources.adding().begin(
            lambda tell, stop: library.feeds.update([library.feeds.add(address, minutes).address], tell, stop)
        )


def _look(library: Library) -> None:
    resources.adding().begin(lambda tell, stop: library.feeds.update(None, tell, stop))


def _remove(library: Library, address: str) -> None:
    if any(feed.address == address for feed in library.feeds.all()):  # another tab may have been first
        library.feeds.remove(address)
