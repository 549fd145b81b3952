"""Synchronises the "Keep" buttons of a page with the notebook.

Makes the changes that the browser has queued, and sends the buttons what is kept.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from rag.errors import BylineError
from rag.library import Library
from rag.locales.message import Message, render
from rag.ui import notebook_changes
from rag.ui.components import component
from rag.ui.strings import Strings

_KEY = "keep-sync"


def draw(library: Library, s: Strings) -> None:
    """Mount the component, as a fragment that is redrawn alone."""
    st.fragment(_draw)(library, s)


def _draw(library: Library, s: Strings) -> None:
    result = notebook_changes.make_sent(_KEY, library, s)
    try:
        data = _data(library, s)
    except BylineError as error:  # unreadable notebooks must not stop other pages
        data, result.failed = _texts("", several=False, s=s), result.failed and error.message
    failed = _failure(result.failed, s)
    component("keep_sync", "change_queue", "keep_button")(
        key=_KEY, data=data | {"done": result.done, "failed": failed}, on_sent_change=lambda: None
    )


def _data(library: Library, s: Strings) -> dict[str, Any]:
    notebook = notebook_changes.shown(library)
    if notebook is None:
        return _texts("", several=False, s=s)
    several = len(library.notebooks.all()) > 1
    kept = sorted(library.notebooks.origins(notebook.id))
    return _texts(notebook.name, several=several, s=s) | {"notebook": notebook.id, "origins": kept}


def _texts(name: str, *, several: bool, s: Strings) -> dict[str, Any]:
    """Return the texts of the buttons; they name the notebook where there are several."""
    keep_in = s.notebook.keep_in.format(name=name) if name else s.notebook.keep
    return {
        "notebook": "",
        "origins": [],
        "texts": {
            "keep": keep_in if several else s.notebook.keep,
            "kept": s.notebook.kept,
            "keepIn": keep_in,
            "keptIn": s.notebook.kept_in.format(name=name),
            "letGoOf": s.notebook.let_go_of.format(name=name),
            "open": s.notebook.open,
        },
    }


def _failure(failed: Message | None, s: Strings) -> str:
    return s.notebook.not_saved.format(reason=render(failed, s.language)) if failed else ""
