"""Changes to the library that a page asks for: one at a time, while the page goes on."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import streamlit as st

from rag.library import Library
from rag.progress import OnProgress
from rag.ui import messages, setup
from rag.ui.escaping import plain
from rag.ui.jobs import Errand
from rag.ui.strings import Strings

_CHANGE = "change"
"""The change that this tab asked for last, in the session."""
_SOON = 0.6
"""Seconds in which a change is most often made: it is waited for, and no progress is drawn."""


def begin(todo: Callable[[OnProgress, Event], bool]) -> bool:
    """Have a change made; False where the one before it is not over yet. A callback."""
    errand = _last()
    if errand is not None and errand.running:
        return False
    st.session_state[_CHANGE] = errand = Errand()
    errand.begin(todo)
    return True


def draw(s: Strings) -> bool:
    """How far the last change is, which may wait for another one, and what went wrong; whether it is made."""
    errand = _last()
    if errand is None:
        return True
    errand.wait(_SOON)
    if errand.running:
        setup.watched(errand, s.changing, s)
        st.button(s.cancel, key="change-cancel", on_click=errand.stop.set)
    elif errand.error is not None:
        with st.container(key="job-error"):
            st.markdown(f"**{s.cannot_work}** {plain(messages.told(errand.error, s) or s.unexpected)}")
    return not errand.running and bool(errand.result)


def unfinished(library: Library, s: Strings) -> None:
    """Say where articles wait to be indexed, and offer to do it."""
    waiting = library.intake.unfinished()
    if waiting:
        with st.container(key="unfinished"):
            st.markdown(plain(s.unfinished.format(waiting)))
            st.button(s.finish, key="finish", on_click=_finish, args=(library,))


def _finish(library: Library) -> None:
    begin(library.intake.finish)


def _last() -> Errand[bool] | None:
    errand: Errand[bool] | None = st.session_state.get(_CHANGE)
    return errand
