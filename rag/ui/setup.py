"""The page before the first question: what is missing, and fetching it with progress."""

from __future__ import annotations

import streamlit as st

from rag.library import Library, missing_models
from rag.settings import Settings
from rag.ui import masthead, messages, notices, resources, wording
from rag.ui.escaping import plain
from rag.ui.jobs import Job
from rag.ui.strings import Strings

POLL = 0.3
"""Seconds between two looks at a running job."""


def needed(settings: Settings) -> bool:
    """Whether there is something to fetch first, or fetching is not over.

    The default language model can be done without where there is another one.
    """
    job = resources.setup_job()
    if job.running or job.error is not None:
        return True
    kinds = {entry.kind for entry in missing_models(settings)}
    return bool(kinds) and ("embedding" in kinds or not resources.models())


def page(settings: Settings, s: Strings) -> None:
    """Say what is missing and fetch it."""
    job = resources.setup_job()
    masthead.draw(s)
    with st.container(key="setup"):
        notices.heading(s.setup_title, s.setup_more)
        _missing(settings, s)
        _run(job, s.setup_start, s.setup_working, s)


def empty(library: Library, s: Strings) -> bool:
    """Where the library holds nothing: say how to fill it. False when it holds articles."""
    job = resources.sample_job()
    if library.overview().articles and not job.running:
        return False
    masthead.draw(s)
    with st.container(key="setup"):
        notices.heading(s.empty_title, s.empty_more)
        st.code("python -m rag ingest PATH", language="bash")
        _run(job, s.empty_sample, s.indexing, s)
    return True


def _missing(settings: Settings, s: Strings) -> None:
    entries = missing_models(settings)
    if not entries:
        return
    rows = {entry.name: wording.size(entry.size, s) for entry in entries}
    st.html(masthead.table(s.setup_models, rows))
    total = wording.size(sum(e.size for e in entries), s)
    st.caption(plain(s.setup_total.format(size=total)))


def _run(job: Job, start: str, working: str, s: Strings) -> None:
    """A button that starts the job, its progress while it runs, and what went wrong."""
    if job.error is not None and not job.running:
        with st.container(key="job-error"):
            st.markdown(f"**{s.cannot_work}** {plain(messages.told(job.error, s) or s.unexpected)}")
    if job.running:
        watched(job, working, s)
    else:
        label = s.retry if job.error is not None else start
        st.button(label, type="primary", on_click=job.start)


def watched(job: Job, working: str, s: Strings) -> None:
    """The progress of a job; the page is drawn anew when it ends."""
    st.fragment(_watch, run_every=POLL)(job, working, s)


def _watch(job: Job, working: str, s: Strings) -> None:
    if not job.running:
        st.rerun()
    draw_progress(job, working, s)


def draw_progress(job: Job, working: str, s: Strings) -> None:
    """How far a job is; where it does not tell, how long it has been at it."""
    progress = job.progress
    if progress is None or not progress.total:
        label = messages.told(progress.label, s) if progress else working
        st.progress(0.0, text=plain(f"{label} · {wording.seconds(1000 * int(job.seconds), s)}"))
        return
    done = min(progress.done, progress.total)
    if progress.unit == "bytes":
        count = f"{wording.size(done, s)} / {wording.size(progress.total, s)}"
    else:
        count = f"{wording.number(done, s)} / {wording.number(progress.total, s)}"
    parts = [messages.told(progress.label, s), count]
    if done == progress.total:  # what comes last does not tell how far it is
        parts.append(wording.seconds(1000 * int(job.seconds), s))
    st.progress(done / progress.total, text=plain(" · ".join(parts)))
