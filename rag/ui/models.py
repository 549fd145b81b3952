"""The page of models: where each runs and what it takes; fetching one, deleting one after a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import Any

import streamlit as st

from rag import memory
from rag.catalogue import CatalogueModel
from rag.errors import BylineError
from rag.generating import Model
from rag.inventory import Inventory
from rag.library import Library
from rag.progress import OnProgress
from rag.ui import masthead, messages, resources, setup, table, wording
from rag.ui.escaping import plain
from rag.ui.resources import Fetched
from rag.ui.strings import Strings
from rag.ui.table import Column, Row

_NAME, _DOOMED, _DELETE, _TOLD = "models-name", "models-doomed", "models-delete", "models-told"
"""In the session: the name to fetch, the models asked about, those to delete, what became of that."""
Room = dict[str, int | None]


def page(library: Library, s: Strings) -> None:
    """Draw the page."""
    inventory, may = library.inventory, resources.may_manage()
    masthead.draw(s)
    with st.container(key="models-page"):
        st.markdown(f"## {s.models_title}")
        st.caption(plain(s.models_more.format(folder=library.settings.models)))
        if may:
            _deleted(inventory, s)
        there = inventory.there()
        room = inventory.room(there)
        _list(there, room, s, may=may)
        if may:
            _fetch(inventory, room, s)
        else:
            st.caption(plain(s.models_fixed))
    if may:
        _question(library, there, s)


# --- the list


def _list(there: Sequence[Model], room: Room, s: Strings, *, may: bool) -> None:
    columns = [
        Column(key="name", text=s.model, kind="title"),
        Column(key="runs", text=s.runs, kind="brief"),
        Column(key="size", text=s.size, kind="brief"),
        Column(key="quantisation", text=s.quantisation, kind="brief"),
        Column(key="context", text=s.context, kind="named"),
        Column(key="memory", text=s.memory, kind="named"),
        Column(key="licence", text=s.licence),
    ]
    table.mount(
        "models",
        s.models_title,
        columns,
        [_row(model, room, s) for model in there],
        s,
        empty=s.models_none,
        actions={"remove": s.delete} if may else {},
        on_act=_ask_before,
    )


def _row(model: Model, room: Room, s: Strings) -> Row:
    short = not model.loaded and _is_short(model.size, room[model.runtime])
    cells = [
        model.name,
        s.in_ollama if model.runtime == "ollama" else s.in_this_app,
        wording.size(model.size, s) if model.size else "",
        model.quantisation,
        s.tokens.format(n=wording.number(model.context, s)) if model.context else "",
        s.loaded if model.loaded else _memory(model.size, room[model.runtime], s),
        model.licence,
    ]
    return Row(model.name, model.name, cells, doubt="memory" if short else "")


def _is_short(size: int, free: int | None) -> bool:
    return free is not None and memory.needed(size) > free


def _memory(size: int, free: int | None, s: Strings) -> str:
    """What a model needs while it answers, and what is free where that is less."""
    need = wording.size(memory.needed(size), s)
    if free is not None and _is_short(size, free):
        return s.memory_short.format(need=need, free=wording.size(free, s))
    return s.memory_about.format(need=need) if size else ""


def _warning(name: str, size: int, free: int | None, s: Strings) -> None:
    """Say where a model will not fit into memory."""
    if free is not None and _is_short(size, free):
        need, left = wording.size(memory.needed(size), s), wording.size(free, s)
        with st.container(key="models-warning"):
            st.markdown(plain(s.memory_warning.format(name=name, need=need, free=left)))


# --- fetching


def _fetch(inventory: Inventory, room: Room, s: Strings) -> None:
    errand = resources.fetching()
    st.markdown(f"### {s.fetch_title}")
    if errand.running:
        st.fragment(_watch, run_every=setup.POLL)(room, s)
        st.button(s.cancel, key="models-stop", icon=":material/stop:", on_click=errand.stop.set)
        return
    _ended(s)
    for entry in inventory.offered():
        _offer(inventory, entry, room, s)
    if inventory.served():
        _form(inventory, s)
    else:
        st.caption(plain(s.ollama_silent.format(url=inventory.server_url)))


def _offer(inventory: Inventory, entry: CatalogueModel, room: Room, s: Strings) -> None:
    with st.container(key=f"offer-{entry.name.replace('.', '-')}", horizontal=True):
        told = [wording.size(entry.size, s), s.in_this_app, entry.licence]
        st.markdown(f"{plain(entry.name)}  \n{plain(' · '.join(told))}")
        st.button(s.fetch, key=f"fetch-{entry.name}", on_click=begin, args=(inventory, entry.name))
    _warning(entry.name, entry.size, room["embedded"], s)


def _form(inventory: Inventory, s: Strings) -> None:
    with st.form(key="models-form", border=False, clear_on_submit=True), st.container(key="models-pull"):
        st.text_input(s.fetch_name, placeholder=s.fetch_name_more, max_chars=300, key=_NAME)
        st.form_submit_button(s.fetch, on_click=_submitted, args=(inventory,))


def _submitted(inventory: Inventory) -> None:
    if name := str(st.session_state[_NAME] or "").strip():
        begin(inventory, name)


def begin(inventory: Inventory, name: str) -> None:
    """Have a model fetched, in the background. A callback."""

    def todo(tell: OnProgress, stop: Event) -> Fetched:
        try:
            return Fetched(name, inventory.fetch(name, tell, stop))
        finally:
            resources.forget_models()

    st.session_state.pop(_TOLD, None)
    resources.fetching().begin(todo, name)


def _watch(room: Room, s: Strings) -> None:
    errand = resources.fetching()
    if not errand.running:
        st.rerun()
    setup.draw_progress(errand, s.fetching.format(name=errand.about), s)
    if errand.progress is not None:
        _warning(errand.about, errand.progress.total, room["ollama"], s)


def _ended(s: Strings) -> None:
    """What became of the last one."""
    errand = resources.fetching()
    if errand.error is not None:
        _problem(errand.error, s)
    elif errand.result is not None:
        told = s.fetched if errand.result.whole else s.fetch_stopped
        with st.container(key="models-report"):
            st.markdown(plain(told.format(name=errand.result.name)))


def _problem(message: str, s: Strings) -> None:
    with st.container(key="job-error"):
        st.markdown(f"**{s.cannot_work}** {plain(messages.told(message, s) or s.unexpected)}")


# --- deleting


def _ask_before(asked: dict[str, Any]) -> None:
    match asked:
        case {"do": "remove", "ids": list(ids)} if ids and resources.may_manage():
            st.session_state[_DOOMED] = [str(id) for id in ids]


def _question(library: Library, there: Sequence[Model], s: Strings) -> None:
    """Ask whether the models that were chosen shall be deleted."""
    names = st.session_state.get(_DOOMED, ())
    doomed = [model for model in there if model.name in names]
    if doomed:
        dialog = st.dialog(s.delete_title, on_dismiss=lambda: st.session_state.pop(_DOOMED, None))
        dialog(partial(_confirm, library, doomed, s))()


def _confirm(library: Library, doomed: Sequence[Model], s: Strings) -> None:
    for model in doomed:
        st.markdown(f"**{plain(model.name)}** {plain(wording.size(model.size, s))}")
    st.markdown(plain(s.delete_more))
    if library.settings.model in {model.name for model in doomed}:
        st.markdown(plain(s.delete_default))
    with st.container(horizontal=True):
        gone = st.button(s.delete, key="models-delete-now", type="primary")
        kept = st.button(s.keep, key="models-keep")
    if gone or kept:
        st.session_state[_DELETE] = [model.name for model in doomed] if gone else []
        st.session_state.pop(_DOOMED, None)
        st.rerun()


def _deleted(inventory: Inventory, s: Strings) -> None:
    """Delete what was agreed to in the last run, and say what became of it."""
    names = st.session_state.pop(_DELETE, [])
    if names:
        st.session_state[_TOLD] = _delete(inventory, names, s)
        resources.forget_models()
    done, error = st.session_state.get(_TOLD, ("", None))
    if done:
        with st.container(key="models-told"):
            st.markdown(plain(done))
    if error is not None:
        _problem(error, s)


def _delete(inventory: Inventory, names: Sequence[str], s: Strings) -> tuple[str, str | None]:
    """Delete models, up to the first that cannot be: what was done, and what went wrong."""
    done: list[str] = []
    with st.spinner(s.deleting):
        for name in names:
            try:
                inventory.remove(name)
            except BylineError as error:
                return " ".join(done), str(error)
            done.append(s.deleted.format(title=name))
    return " ".join(done), None
