"""State shared by all sessions of this process: the library, the models, background jobs."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from rag.evaluation.card_job import Card
from rag.ingestion.report import Report
from rag.library import Library, setup
from rag.llm.generator import Model
from rag.llm.ollama_names import is_this_machine
from rag.service.background import BackgroundServices
from rag.settings import Settings
from rag.ui.jobs import Errand, Job


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model download; `whole` is False where it was cancelled."""

    name: str
    whole: bool


def settings() -> Settings:
    """Load the settings. Raises SettingsError."""
    return Settings.load()


@st.cache_resource(show_spinner=False)
def library() -> Library:
    """Open the library once. Raises what `Library.open` raises; the next call tries again.

    Index and model are loaded in the background, so that the first question need not wait for them.
    """
    opened = Library.open(settings())
    BackgroundServices(opened).start()  # until the process ends, as the library
    Job(lambda _: opened.warm_up()).start()
    return opened


@st.cache_resource(show_spinner=False)
def setup_job() -> Job:
    """Return the job that downloads the models and indexes the sample library."""
    return Job(lambda report: setup(settings(), report))


@st.cache_resource(show_spinner=False)
def sample_job() -> Job:
    """Return the job that indexes the sample library into an open, empty one."""
    return Job(lambda report: library().ingest([library().settings.corpus], report))


@st.cache_resource(show_spinner=False)
def adding() -> Errand[Report]:
    """Return the job that indexes added articles."""
    return Errand()


@st.cache_resource(show_spinner=False)
def fetching() -> Errand[Fetched]:
    """Return the job that downloads a model."""
    return Errand()


def may_manage() -> bool:
    """Tell whether the page may download and delete models: see Settings.manage_models."""
    said = settings().manage_models
    return is_this_machine(st.get_option("server.address") or "") if said is None else said


@st.cache_resource(show_spinner=False)
def card() -> Errand[Card | None]:
    """Return the job that makes a report card."""
    return Errand()


@st.cache_data(ttl=10, show_spinner=False)
def models() -> list[Model]:
    """List the available models; cached for ten seconds."""
    return library().models()


def forget_models() -> None:
    """Clear the cached list of models."""
    models.clear()
