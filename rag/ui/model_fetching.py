"""Downloads of models: offers, progress and result, on the page "Models"."""

from __future__ import annotations

import re
from threading import Event

import streamlit as st

from rag import memory
from rag.downloads.hub_names import PREFIX
from rag.downloads.inventory import Inventory
from rag.downloads.model_catalogue import CatalogueModel
from rag.downloads.recommended import Recommended, best
from rag.progress import OnProgress
from rag.ui import app_state, formatting, notice_page, setup_page
from rag.ui.app_state import DownloadResult
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_NAME, _RUN = "models-name", "models-run"
"""Session keys: the name to download; the number of the download that this session began or watched."""
LAST_DELETION = "models-deletion"
"""Session key: the result of the last deletion, until a download begins."""
FreeMemory = dict[str, int | None]
"""Memory available to another model, in bytes, by runtime; None where unknown."""


def is_short(size: int, free: int | None) -> bool:
    """Tell whether a model of `size` bytes needs more memory than is free."""
    return free is not None and memory.needed(size) > free


def memory_text(size: int, free: int | None, s: Strings) -> str:
    """Return the memory that a model needs, and the free memory where that is less."""
    need = formatting.size(memory.needed(size), s)
    if free is not None and is_short(size, free):
        return s.models.memory_short.format(need=need, free=formatting.size(free, s))
    return s.models.memory_about.format(need=need) if size else ""


def _warning(name: str, size: int, free: int | None, s: Strings) -> None:
    """Warn where a model does not fit into memory."""
    if free is not None and is_short(size, free):
        need, left = formatting.size(memory.needed(size), s), formatting.size(free, s)
        with st.container(key=f"models-warning-{_key(name)}"):
            st.markdown(plain(s.models.memory_warning.format(name=name, need=need, free=left)))


def draw(inventory: Inventory, free_memory: FreeMemory, s: Strings) -> None:
    """Draw the offers, or the progress of the download that is running."""
    job = app_state.download_job()
    st.markdown(f"### {s.models.fetch_title}")
    if job.running:
        st.session_state[_RUN] = job.runs
        st.fragment(_watch, run_every=setup_page.POLL_INTERVAL_S)(free_memory, s)
        st.button(s.answer.cancel, key="models-stop", icon=":material/stop:", on_click=job.stop.set)
        return
    _result(s)
    for entry in inventory.offered():
        about = [formatting.size(entry.size, s), s.models.in_this_app, entry.licence]
        _offer(inventory, entry, about, free_memory, s)
    _recommended(inventory, free_memory, s)
    _form(inventory, s)
    if not inventory.is_ollama_running():
        st.caption(plain(s.models.ollama_silent.format(url=inventory.server_url)))


def _offer(
    inventory: Inventory,
    entry: CatalogueModel | Recommended,
    about: list[str],
    free_memory: FreeMemory,
    s: Strings,
) -> None:
    """Draw a model that can be downloaded, and a button for it."""
    with st.container(key=f"offer-{_key(entry.name)}", horizontal=True):
        st.markdown(f"{plain(entry.name)}  \n{plain(' · '.join(filter(None, about)))}")
        st.button(s.models.fetch, key=f"fetch-{entry.name}", on_click=begin, args=(inventory, entry.name))
    _warning(entry.name, entry.size, free_memory["embedded"], s)


def _recommended(inventory: Inventory, free_memory: FreeMemory, s: Strings) -> None:
    """Draw the recommended models of the hub, with a mark at the best one that fits this machine."""
    models = inventory.recommended()
    if models:
        st.caption(plain(s.models.recommended_more))
    first = best(models, free_memory["embedded"])
    for model in models:
        mark = s.models.recommended if model is first else ""
        _offer(inventory, model, [formatting.size(model.size, s), s.models.in_this_app, mark], free_memory, s)


def _form(inventory: Inventory, s: Strings) -> None:
    with st.form(key="models-form", border=False, clear_on_submit=True), st.container(key="models-pull"):
        st.text_input(s.models.fetch_name, placeholder=s.models.fetch_name_more, max_chars=300, key=_NAME)
        st.form_submit_button(s.models.fetch, on_click=_submit, args=(inventory,))


def _submit(inventory: Inventory) -> None:
    if name := str(st.session_state[_NAME] or "").strip():
        begin(inventory, name)


def begin(inventory: Inventory, name: str) -> None:
    """Download a model in the background. A callback."""

    def download(on_progress: OnProgress, stop: Event) -> DownloadResult:
        try:
            return DownloadResult(name, inventory.fetch(name, on_progress, stop))
        finally:
            app_state.forget_models()

    st.session_state.pop(LAST_DELETION, None)
    job = app_state.download_job()
    job.begin(download, name)
    st.session_state[_RUN] = job.runs


def _watch(free_memory: FreeMemory, s: Strings) -> None:
    job = app_state.download_job()
    if not job.running:
        st.rerun()
    setup_page.draw_progress(job, s.models.fetching.format(name=job.about), s)
    if job.progress is not None:
        runtime = "embedded" if job.about.startswith(PREFIX) else "ollama"
        _warning(job.about, job.progress.total, free_memory[runtime], s)


def _result(s: Strings) -> None:
    """Draw the result of the last download, in the sessions that began or watched it."""
    job = app_state.download_job()
    if st.session_state.get(_RUN) != job.runs:
        return
    if job.error is not None:
        notice_page.failure(job.error, s, "fetch")
    elif job.result is not None:
        text = s.models.fetched if job.result.complete else s.models.fetch_stopped
        with st.container(key="models-report"):
            st.markdown(plain(text.format(name=job.result.name)))


def _key(name: str) -> str:
    """Return a name as a part of a CSS class."""
    return re.sub(r"[^\w-]", "-", name)
