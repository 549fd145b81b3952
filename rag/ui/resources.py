"""What all pages of this process share: the library with its conversations, the long jobs."""

from __future__ import annotations

import streamlit as st

from rag.generating import Model
from rag.keeping import Keeper
from rag.library import Library, setup
from rag.settings import Settings
from rag.ui.jobs import Errand, Job


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
def adding() -> Errand:
    """Articles that are being brought in."""
    return Errand()


@st.cache_data(ttl=10, show_spinner=False)
def models() -> list[Model]:
    """The models that can be picked, asked for again after ten seconds."""
    return library().models()
