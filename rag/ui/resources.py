"""What all pages of this process share: the library with its conversations, the long jobs."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from rag.evaluating.carding import Card
from rag.generating import Model
from rag.generating.ollama_names import is_this_machine
from rag.ingesting import Report
from rag.keeping import Keeper
from rag.library import Library, setup
from rag.settings import Settings
from rag.ui.jobs import Errand, Job


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that was to be fetched; `whole` is False where that was stopped."""

    name: str
    whole: bool


def settings() -> Settings:
    """The settings. Raises SettingsError."""
    return Settings.load()


@st.cache_resource(show_spinner=False)
def library() -> Library:
    """The library, opened once. Raises what `Library.open` raises; the next call tries again.

    What the first question has to wait for is loaded while the reader still thinks of it.
    """
    opened = Library.open(settings())
    Keeper(opened)
    Job(lambda _: opened.warm_up()).start()
    return opened


@st.cache_resource(show_spinner=False)
def setup_job() -> Job:
    """Fetching the models and indexing the sample library."""
    return Job(lambda report: setup(settings(), report))


@st.cache_resource(show_spinner=False)
def sample_job() -> Job:
    """Indexing the sample library into an open, empty one."""
    return Job(lambda report: library().ingest([library().settings.corpus], report))


@st.cache_resource(show_spinner=False)
def adding() -> Errand[Report]:
    """Articles that are being brought in."""
    return Errand()


@st.cache_resource(show_spinner=False)
def fetching() -> Errand[Fetched]:
    """A model that is being fetched."""
    return Errand()


def may_manage() -> bool:
    """Whether models may be fetched and deleted from the page: see Settings.manage_models."""
    said = settings().manage_models
    return is_this_machine(st.get_option("server.address") or "") if said is None else said


@st.cache_resource(show_spinner=False)
def card() -> Errand[Card | None]:
    """A model's report card that is being made."""
    return Errand()


@st.cache_data(ttl=10, show_spinner=False)
def models() -> list[Model]:
    """The models that can be picked, asked for again after ten seconds."""
    return library().models()


def forget_models() -> None:
    """Ask for the models anew: they are others now."""
    models.clear()
