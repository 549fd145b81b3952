"""Run changes to the library in the background, one at a time for each tab."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import streamlit as st

from rag.library import Library
from rag.progress import OnProgress
from rag.ui import notice_page, setup_page
from rag.ui.jobs import Errand
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_CHANGE = "change"
"""Session key of this tab's last change."""
MAX_QUIET_S = 0.6
"""Seconds to wait for a change before progress is drawn. Not fitted: most changes are faster."""


def begin(todo: Callable[[OnProgress, Event], bool]) -> bool:
    """Start a change; False where the previous one is still running. A callback."""
    errand = _last()
    if errand is not None and errand.running:
        return False
    st.session_state[_CHANGE] = errand = Errand()
    errand.begin(todo)
    return True


def draw(s: Strings) -> bool:
    """Draw the progress or the error of the last change; True where it succeeded."""
    errand = _last()
    if errand is None:
        return True
    errand.wait(MAX_QUIET_S)
    if errand.running:
        setup_page.watched(errand, s.articles.changing, s)
        st.button(s.answer.cancel, key="change-cancel", on_click=errand.stop.set)
    elif errand.error is not None:
        notice_page.failure(errand.error, s, "change")
    return not errand.running and bool(errand.result)


def unfinished(library: Library, s: Strings) -> None:
    """Offer to index articles that an interruption left without vectors."""
    waiting = library.intake.unfinished()
    if waiting:
        with st.container(key="unfinished"):
            st.markdown(plain(s.articles.unfinished.format(waiting)))
            st.button(s.articles.finish, key="finish", on_click=_finish, args=(library,))


def outdated(library: Library, s: Strings) -> None:
    """Offer to read again what an earlier version of the reader has read."""
    files = library.intake.outdated()
    if files:
        with st.container(key="outdated"):
            st.markdown(plain(s.articles.outdated.format(files)))
            st.button(s.articles.reread, key="reread", on_click=_reread, args=(library,))


def _reread(library: Library) -> None:
    begin(lambda tell, stop: not library.intake.reread(tell, stop).stopped)


def _finish(library: Library) -> None:
    begin(library.intake.finish)


def _last() -> Errand[bool] | None:
    errand: Errand[bool] | None = st.session_state.get(_CHANGE)
    return errand
