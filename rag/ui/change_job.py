"""Run changes to the library in the background, one at a time for each tab."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import streamlit as st

from rag.library import Library
from rag.progress import OnProgress
from rag.ui import notice_page, setup_page
from rag.ui.jobs import CancellableJob
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_CHANGE = "change"
"""Session key of this tab's last change."""
MAX_QUIET_S = 0.6
"""Time that a change may run before its progress is drawn; most end earlier. Not fitted."""


def begin(change: Callable[[OnProgress, Event], bool]) -> bool:
    """Start a change; False where the previous one is still running. For use in callbacks."""
    job = _last()
    if job is not None and job.running:
        return False
    st.session_state[_CHANGE] = job = CancellableJob()
    job.begin(change)
    return True


def draw(s: Strings) -> bool:
    """Draw the progress or the error of the last change; True where it succeeded."""
    job = _last()
    if job is None:
        return True
    job.wait(MAX_QUIET_S)
    if job.running:
        setup_page.draw_live_progress(job, s.articles.changing, s)
        st.button(s.answer.cancel, key="change-cancel", on_click=job.stop.set)
    elif job.error is not None:
        notice_page.failure(job.error, s, "change")
    return not job.running and bool(job.result)


def draw_unfinished(library: Library, s: Strings) -> None:
    """Offer to index articles that an interruption left without vectors."""
    count = library.intake.unfinished()
    if count:
        with st.container(key="unfinished"):
            st.markdown(plain(s.articles.unfinished.format(count)))
            st.button(s.articles.finish, key="finish", on_click=_finish, args=(library,))


def draw_outdated(library: Library, s: Strings) -> None:
    """Offer to reread files that were read by an earlier version of the reader."""
    files = library.intake.outdated()
    if files:
        with st.container(key="outdated"):
            st.markdown(plain(s.articles.outdated.format(files)))
            st.button(s.articles.reread, key="reread", on_click=_reread, args=(library,))


def _reread(library: Library) -> None:
    begin(lambda on_progress, stop: not library.intake.reread(on_progress, stop).stopped)


def _finish(library: Library) -> None:
    begin(library.intake.finish)


def _last() -> CancellableJob[bool] | None:
    job: CancellableJob[bool] | None = st.session_state.get(_CHANGE)
    return job
