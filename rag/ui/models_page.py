"""The page "Models": runtime, size and memory of each; download, and delete with confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from rag.downloads.inventory import Inventory
from rag.errors import BylineError
from rag.library import Library
from rag.llm.generator import Model
from rag.locales.message import Message, render
from rag.ui import (
    app_state,
    article_table,
    formatting,
    model_fetching,
    model_picker,
    notice_page,
    page_header,
)
from rag.ui.article_table import Column, TableRow
from rag.ui.markdown_escape import plain
from rag.ui.model_fetching import LAST_DELETION, FreeMemory, is_short, memory_text
from rag.ui.strings import Strings

_TO_CONFIRM, _TO_DELETE = "models-to-confirm", "models-delete"
"""Session keys: models awaiting confirmation, models to delete."""


def page(library: Library, s: Strings) -> None:
    """Draw the page."""
    inventory, allowed = library.inventory, library.may_manage and app_state.may_manage()
    page_header.draw(s)
    with st.container(key="models-page"):
        st.markdown(f"## {s.models.title}")
        st.caption(plain(s.models.more.format(folder=library.settings.models)))
        if allowed:
            _delete_confirmed(inventory, s)
        models = inventory.installed()
        _servers(inventory, models, s)
        free_memory = inventory.free_memory(models)
        _list(models, free_memory, s, allowed=allowed)
        if allowed:
            model_fetching.draw(inventory, free_memory, s)
        else:
            st.caption(plain(s.models.fixed))
    if allowed:
        _confirmation(library, models, s)


def _servers(inventory: Inventory, models: Sequence[Model], s: Strings) -> None:
    """Draw a warning for models on other machines, and the servers that do not answer."""
    if remote := sorted({model.server for model in models if model.remote}):
        with st.container(key="models-remote"):
            st.markdown(plain(s.models.leaves.format(servers=formatting.listed(remote, s))))
    for trouble in inventory.troubles():
        st.caption(plain(render(trouble, s.language)))


# --- the list


def _list(models: Sequence[Model], free_memory: FreeMemory, s: Strings, *, allowed: bool) -> None:
    columns = [
        Column(key="name", text=s.models.model, kind="title"),
        Column(key="runs", text=s.models.runs, kind="brief"),
        Column(key="size", text=s.models.size, kind="brief"),
        Column(key="quantisation", text=s.models.quantisation, kind="brief"),
        Column(key="context", text=s.models.context, kind="named"),
        Column(key="memory", text=s.models.memory, kind="named"),
        Column(key="licence", text=s.models.licence),
    ]
    article_table.mount(
        "models",
        s.models.title,
        columns,
        [_row(model, free_memory, s) for model in models],
        s,
        empty=s.models.none,
        actions={"remove": s.conversations.delete} if allowed else {},
        on_act=_request_deletion,
    )


def _row(model: Model, free_memory: FreeMemory, s: Strings) -> TableRow:
    short = not model.loaded and is_short(model.size, free_memory.get(model.runtime))
    cells = [
        model.name,
        _runtime(model, s),
        formatting.size(model.size, s) if model.size else "",
        model.quantisation,
        s.models.tokens.format(n=formatting.number(model.context, s)) if model.context else "",
        s.models.loaded if model.loaded else memory_text(model.size, free_memory.get(model.runtime), s),
        model.licence,
    ]
    return TableRow(model.name, model.name, cells, doubt="memory" if short else "")


def _runtime(model: Model, s: Strings) -> str:
    """Return where a model runs, and whether it always thinks."""
    runtime = model_picker.where(model, s)
    return f"{runtime} · {s.models.thinks}" if model.thinks else runtime


# --- deleting


def _request_deletion(action: dict[str, Any]) -> None:
    match action:
        case {"do": "remove", "ids": list(ids)} if ids and app_state.may_manage():
            st.session_state[_TO_CONFIRM] = [str(id) for id in ids]


def _confirmation(library: Library, models: Sequence[Model], s: Strings) -> None:
    """Ask for confirmation before models are deleted."""
    names = st.session_state.get(_TO_CONFIRM, ())
    selected = [model for model in models if model.name in names]
    if selected:
        dialog = st.dialog(s.models.delete_title, on_dismiss=lambda: st.session_state.pop(_TO_CONFIRM, None))
        dialog(partial(_confirm, library, selected, s))()


def _confirm(library: Library, selected: Sequence[Model], s: Strings) -> None:
    for model in selected:
        st.markdown(f"**{plain(model.name)}** {plain(formatting.size(model.size, s))}")
    st.markdown(plain(s.models.delete_more))
    if library.settings.model in {model.name for model in selected}:
        st.markdown(plain(s.models.delete_default))
    with st.container(horizontal=True):
        confirmed = st.button(s.conversations.delete, key="models-delete-now", type="primary")
        kept = st.button(s.models.keep, key="models-keep")
    if confirmed or kept:
        st.session_state[_TO_DELETE] = [model.name for model in selected] if confirmed else []
        st.session_state.pop(_TO_CONFIRM, None)
        st.rerun()


def _delete_confirmed(inventory: Inventory, s: Strings) -> None:
    """Delete the models confirmed in the last run, and draw the result."""
    names = st.session_state.pop(_TO_DELETE, [])
    if names:
        st.session_state[LAST_DELETION] = _delete(inventory, names, s)
        app_state.forget_models()
    done, error = st.session_state.get(LAST_DELETION, ("", None))
    if done:
        with st.container(key="models-result"):
            st.markdown(plain(done))
    if error is not None:
        notice_page.failure(error, s, "deletion")


def _delete(inventory: Inventory, names: Sequence[str], s: Strings) -> tuple[str, Message | None]:
    """Delete models until the first error; return what was deleted, and the error."""
    done: list[str] = []
    with st.spinner(s.models.deleting):
        for name in names:
            try:
                inventory.remove(name)
            except BylineError as error:
                return " ".join(done), error.message
            done.append(s.conversations.deleted.format(title=name))
    return " ".join(done), None
