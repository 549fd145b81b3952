"""Ingestions that this session began or watched; the results of others are not shown to it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import streamlit as st

from rag.ingestion.report import Report
from rag.progress import OnProgress
from rag.ui import app_state
from rag.ui.jobs import CancellableJob

_RUN = "adding-run"
"""Session key of the number of the run that this session began or watched."""


def begin(work: Callable[[OnProgress, Event], Report]) -> None:
    """Index in the background; where another run is in progress, watch that. For use in callbacks."""
    began = app_state.ingest_job().begin(work)
    watch(own=began)


def watch(*, own: bool = False) -> None:
    """Show the result of the current or last run to this session: where people sign in, only its own."""
    if own or not app_state.settings().sign_in:
        st.session_state[_RUN] = app_state.ingest_job().runs


def ended() -> CancellableJob[Report] | None:
    """Return the job where this session's own run was its last, and has ended."""
    job = app_state.ingest_job()
    return job if not job.running and st.session_state.get(_RUN) == job.runs else None
