"""State shared by all sessions of this process: the library, the models, background jobs."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from rag.evaluation.card_job import Card
from rag.ingestion.report import Report
from rag.library import Library
from rag.llm.generator import Model
from rag.llm.ollama_names import is_this_machine
from rag.service.background import BackgroundServices
from rag.service.observation import observe
from rag.service.setup import setup
from rag.settings import Settings
from rag.ui.jobs import CancellableJob, Job


@dataclass(frozen=True, slots=True)
class DownloadResult:
    """A model download that has ended; `complete` is False where it was cancelled."""

    name: str
    complete: bool


def settings() -> Settings:
    """Load the settings. Raises SettingsError."""
    return Settings.load()


@st.cache_resource(show_spinner=False)
def library() -> Library:
    """Open the library once. Raises what `Library.open` raises; the next call then tries again.

    The index and the model are loaded in the background, before the first question needs them.
    """
    library = Library.open(settings())
    observe(library)
    BackgroundServices(library).start()  # they run until the process ends
    Job(lambda _: library.warm_up()).start()
    return library


@st.cache_resource(show_spinner=False)
def setup_job() -> Job:
    """Return the job that downloads the models and indexes the sample library."""
    return Job(lambda report: setup(settings(), report))


@st.cache_resource(show_spinner=False)
def sample_job() -> Job:
    """Return the job that indexes the sample library into an open, empty one."""
    return Job(lambda report: library().ingest([library().settings.corpus], report))


@st.cache_resource(show_spinner=False)
def ingest_job() -> CancellableJob[Report]:
    """Return the job that indexes added articles."""
    return CancellableJob()


@st.cache_resource(show_spinner=False)
def download_job() -> CancellableJob[DownloadResult]:
    """Return the job that downloads a model."""
    return CancellableJob()


def may_manage() -> bool:
    """Tell whether the page may download and delete models: see Settings.manage_models."""
    setting = settings().manage_models
    return is_this_machine(st.get_option("server.address") or "") if setting is None else setting


@st.cache_resource(show_spinner=False)
def report_card_job() -> CancellableJob[Card | None]:
    """Return the job that makes a report card."""
    return CancellableJob()


@st.cache_data(ttl=10, show_spinner=False)
def models() -> list[Model]:
    """List the available models; cached for ten seconds."""
    return library().models()


def forget_models() -> None:
    """Clear the cached list of models."""
    models.clear()
