"""The page of notebooks: order, annotate, remove and export what was kept."""

from __future__ import annotations

import secrets
from base64 import b64encode
from functools import partial
from typing import Any

import streamlit as st

from rag.errors import BylineError
from rag.library import Library
from rag.locales.message import render
from rag.notebooks.entries import NotebookHead
from rag.notebooks.exports import FORMS, NotebookFile, exported
from rag.ui import (
    change_job,
    drawer,
    formatting,
    left_out_view,
    notebook_changes,
    notebook_view,
    opened,
    page_header,
)
from rag.ui.components import component
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_KEY = "notebook"
_OPEN = "notebook-open"
_FILE, _DELETED, _FAILED = "notebook-file", "notebook-deleted", "notebook-failed"
"""Session keys: the open reference; a file to be downloaded once; the notebook deleted last; the error of the
last action."""


def page(library: Library, s: Strings) -> None:
    """Draw the page."""
    page_header.draw(s)
    with st.container(key="notebook-page"):
        st.markdown(f"## {s.notebook.title}")
        st.caption(plain(s.notebook.more))
        _storage_warning(library, s)
        st.fragment(_notebook)(library, s)
        st.fragment(_drawer)(library, s)


def _storage_warning(library: Library, s: Strings) -> None:
    """Warn where a damaged file of notebooks was replaced."""
    library.notebooks.all()  # opens it
    text = ""
    if (when := library.notebooks.restored) is not None:
        text = s.notebook.restored.format(when=formatting.moment(when, s))
    elif (aside := library.notebooks.aside) is not None:
        text = s.notebook.moved_aside.format(name=aside.name)
    if text:
        with st.container(key="not-kept"):
            st.markdown(plain(text))


def _notebook(library: Library, s: Strings) -> None:
    """Draw the notebook that this tab shows, as a fragment that is redrawn alone."""
    result = notebook_changes.make_sent(_KEY, library, s)
    failed = st.session_state.pop(_FAILED, None) or result.failed
    notebook = notebook_changes.shown(library)
    entries = notebook_view.entries(library.notebooks.read(notebook.id), library, s) if notebook else []
    copies = {one["id"]: one for one in sorted(entries, key=_id) if one["kind"] != "note"}
    component("notebook_copies")(key="notebook-copies", data={"copies": copies})
    component(_KEY, "change_queue", "text", "sources", "notebook_notes", "notebook_bar")(
        key=_KEY,
        data={
            "notebook": notebook and {"id": notebook.id, "name": notebook.name},
            "notebooks": [{"id": one.id, "name": one.name} for one in library.notebooks.all()],
            "entries": [{"id": one["id"], "kind": one["kind"], "text": _note(one)} for one in entries],
            "done": result.done,
            "failed": s.notebook.not_saved.format(reason=render(failed, s.language)) if failed else "",
            "deleted": _deleted(s),
            "file": st.session_state.pop(_FILE, None),  # it is downloaded once
            "forms": [{"form": form, "text": getattr(s.notebook, f"save_{form}")} for form in FORMS],
            "texts": _texts(s),
        },
        on_act_change=lambda: _act(library, s),
        on_sent_change=lambda: None,
    )


def _id(entry: dict[str, Any]) -> str:
    return str(entry["id"])


def _note(entry: dict[str, Any]) -> str:
    return str(entry["text"]) if entry["kind"] == "note" else ""


def _deleted(s: Strings) -> dict[str, str] | None:
    match st.session_state.get(_DELETED):
        case NotebookHead(id, name, _):
            return {"id": id, "text": s.notebook.deleted.format(name=name)}
    return None


def _act(library: Library, s: Strings) -> None:
    """Perform a clicked action. A callback."""
    action = getattr(st.session_state.get(_KEY), "act", None)
    if isinstance(action, dict):
        try:
            _perform(library, action, s)
        except BylineError as error:
            st.session_state[_FAILED] = error.message


def _perform(library: Library, action: dict[str, Any], s: Strings) -> None:
    notebooks, known = library.notebooks, {one.id: one for one in library.notebooks.all()}
    match action:
        case {"do": "show", "id": str(id)} if id in known:
            _show(library, id)
        case {"do": "new", "name": str(name)}:
            _show(library, notebooks.new(name))
        case {"do": "rename", "id": str(id), "name": str(name)}:
            notebooks.rename(id, name)
        case {"do": "delete", "id": str(id)} if id in known:
            notebooks.delete(id)
            st.session_state[_DELETED] = known[id]
        case {"do": "undelete", "id": str(id)}:
            notebooks.delete(id, undo=True)
            st.session_state.pop(_DELETED, None)
            _show(library, id)
        case {"do": "forget"}:
            st.session_state.pop(_DELETED, None)
        case {"do": "save", "as": str(name), "id": str(id)}:
            notebook_changes.make_sent(_KEY, library, s)  # what was typed just now
            for form in (one for one in FORMS if one == name):
                st.session_state[_FILE] = _download(exported(notebooks.read(id), form, s.language))


def _download(file: NotebookFile) -> dict[str, str]:
    data = b64encode(file.data).decode()
    return {"name": file.name, "type": file.type, "data": data, "stamp": secrets.token_hex(4)}


def _show(library: Library, id: str) -> None:
    st.session_state[notebook_changes.SHOWN] = id
    library.notebooks.use(id)


def _drawer(library: Library, s: Strings) -> None:
    """Draw the open reference, as a fragment that is redrawn alone."""
    change_job.draw(s)
    id, n = st.session_state.get(_OPEN, ("", 0))
    notebook = notebook_changes.shown(library)
    kept = library.notebooks.read(notebook.id).entries if notebook and id else ()
    entry = next((one for one in kept if one.id == id and 1 <= n <= len(one.sources)), None)
    content = None
    if entry is not None:
        article = library.article(entry.sources[n - 1].article.id)
        opened.record(library, article)
        content = notebook_view.drawer_data(entry, n, article, s)
        content |= left_out_view.drawer_data(library, article, s)
    drawer.mount(f"{id} {n}" if id else "", content, partial(_act_in_drawer, library), s.notebook.sources, s)


def _act_in_drawer(library: Library, action: dict[str, Any]) -> None:
    if not drawer.record_open(action, _OPEN):
        left_out_view.act(library, action)


def _texts(s: Strings) -> dict[str, str]:
    names = (
        *("title", "choose", "actions", "new", "name", "save_as", "saving", "saved", "empty_title"),
        *("empty_more", "add_note", "add_note_after", "note", "note_hint", "up", "down", "remove"),
        *("removed", "forked", "answer", "quotation", "sources"),
    )
    return {name: getattr(s.notebook, name) for name in names} | {
        "rename": s.conversations.rename,
        "delete": s.conversations.delete,
        "undo": s.conversations.undo,
        "close": s.conversations.close,
        "cancel": s.answer.cancel,
        "save": s.collections.save,
    }
