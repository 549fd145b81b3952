"""The set-up page: lists missing models and downloads them with progress."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from rag.locales.message import render
from rag.service.setup import missing_models
from rag.settings import Settings
from rag.ui import app_state, formatting, notice_page, page_header
from rag.ui.jobs import Job
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

POLL_INTERVAL_S = 0.3
"""Interval at which a running job is polled. Not fitted."""


def needed(settings: Settings) -> bool:
    """Tell whether models must be downloaded first, or a download is running.

    Another language model makes the default one unnecessary.
    """
    job = app_state.setup_job()
    if job.running or job.error is not None:
        return True
    kinds = {entry.kind for entry in missing_models(settings)}
    return bool(kinds) and ("embedding" in kinds or not app_state.models())


def page(settings: Settings, s: Strings) -> None:
    """Draw the missing models and the download."""
    job = app_state.setup_job()
    page_header.draw(s)
    with st.container(key="setup"):
        notice_page.heading(s.setup.title, s.setup.more)
        _missing(settings, s)
        run(job, s.setup.start, s.setup.working, s)


def _missing(settings: Settings, s: Strings) -> None:
    entries = missing_models(settings)
    if not entries:
        return
    rows = {entry.name: formatting.size(entry.size, s) for entry in entries}
    st.html(page_header.table(s.setup.models, rows))
    total = formatting.size(sum(e.size for e in entries), s)
    st.caption(plain(s.setup.total.format(size=total)))


def run(
    job: Job, start: str, working: str, s: Strings, kind: Literal["primary", "secondary"] = "primary"
) -> None:
    """Draw a button that starts the job, its progress, and its error."""
    if job.error is not None and not job.running:
        notice_page.failure(job.error, s, "setup")
    if job.running:
        draw_live_progress(job, working, s)
    else:
        label = s.setup.retry if job.error is not None else start
        st.button(label, type=kind, on_click=job.start)


def draw_live_progress(job: Job, working: str, s: Strings) -> None:
    """Draw the progress of a job; its end redraws the page."""
    st.fragment(_watch, run_every=POLL_INTERVAL_S)(job, working, s)


def _watch(job: Job, working: str, s: Strings) -> None:
    if not job.running:
        st.rerun()
    draw_progress(job, working, s)


def draw_progress(job: Job, working: str, s: Strings) -> None:
    """Draw a job's progress, or its elapsed time where there is none."""
    progress = job.progress
    if progress is None or not progress.total:
        label = render(progress.label, s.language) if progress else working
        st.progress(0.0, text=plain(f"{label} · {formatting.seconds(1000 * int(job.seconds), s)}"))
        return
    done = min(progress.done, progress.total)
    if progress.unit == "bytes":
        count = f"{formatting.size(done, s)} / {formatting.size(progress.total, s)}"
    else:
        count = f"{formatting.number(done, s)} / {formatting.number(progress.total, s)}"
    parts = [render(progress.label, s.language), count]
    if done == progress.total:  # the last step reports no progress
        parts.append(formatting.seconds(1000 * int(job.seconds), s))
    st.progress(done / progress.total, text=plain(" · ".join(parts)))
