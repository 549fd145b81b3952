"""Changes of notebooks, which the browser sends until they are acknowledged. Each is made once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from rag.errors import BylineError, NothingThere
from rag.library import Library
from rag.locales.message import Message
from rag.notebooks.entries import NotebookHead
from rag.notebooks.keeping import entry_of, origin
from rag.ui.outbox import AcknowledgedIds
from rag.ui.strings import Strings

SHOWN = "notebook-shown"
"""Session key of the notebook that this tab shows and adds to."""
MAX_NOTE_CHARACTERS = 200_000
"""Maximum length of a note. Not fitted."""
_ID = re.compile(r"[\w-]{6,40}", re.ASCII)


@dataclass
class SentResult:
    """Result of the changes that were sent: ids of those that are done, and the error of one that is not."""

    done: list[str] = field(default_factory=list)
    failed: Message | None = None


@st.cache_resource(show_spinner=False)
def _acknowledged() -> AcknowledgedIds:
    """Return the ids of the changes made in all sessions, so that none is made twice."""
    return AcknowledgedIds()


def shown(library: Library) -> NotebookHead | None:
    """Return the notebook that this tab shows, or the default; None where there is none yet."""
    known = library.notebooks.all()
    id = st.session_state.get(SHOWN)
    return next((one for one in known if one.id == id), known[0] if known else None)


def make_sent(key: str, library: Library, s: Strings) -> SentResult:
    """Make the changes that the component `key` has sent."""
    result = SentResult()
    sent = getattr(st.session_state.get(key), "sent", None)
    for change in sent.get("changes", ()) if isinstance(sent, Mapping) else ():
        if not isinstance(change, Mapping) or not isinstance(id := change.get("id"), str):
            continue
        try:
            if id not in _acknowledged():
                make(library, change, s)
        except NothingThere as error:  # retrying cannot help
            result.failed = error.message
        except BylineError as error:  # it is retried later, with those after it
            result.failed = error.message
            break
        _acknowledged().add(id)
        result.done.append(id)
    return result


def make(library: Library, change: Mapping[str, Any], s: Strings) -> None:
    """Make a change; one of unknown form is ignored. Raises BylineError."""
    notebooks = library.notebooks
    match change:
        case {"do": "keep", "conversation": str(conversation), "exchange": str(exchange), "part": str(part)}:
            _keep(library, _notebook_of(library, change, s), conversation, exchange, part)
        case {"do": "let_go", "exchange": str(exchange), "part": str(part)}:
            notebooks.let_go(_notebook_of(library, change, s), origin(exchange, part))
        case {"do": "note", "entry": str(entry), "text": str(text), "after": str(after)} if _ID.fullmatch(
            entry
        ):
            notebooks.note(_notebook_of(library, change, s), entry, _storable(text), after)
        case {"do": "edit", "entry": str(entry), "text": str(text), "bases": list(bases), "fork": str(fork)}:
            if _ID.fullmatch(fork):
                _edit(library, change, entry, _storable(text), [str(one) for one in bases], fork, s)
        case {"do": "move", "entry": str(entry), "before": str(before)}:
            notebooks.move(entry, before)
        case {"do": "remove", "entry": str(entry)}:
            notebooks.remove(entry)
        case {"do": "restore", "entry": str(entry)}:
            notebooks.remove(entry, undo=True)


def _edit(
    library: Library,
    change: Mapping[str, Any],
    entry: str,
    text: str,
    bases: list[str],
    fork: str,
    s: Strings,
) -> None:
    """Set a note's text; where the note was deleted, make a new one."""
    try:
        library.notebooks.edit(entry, text, bases, fork)
    except NothingThere:
        library.notebooks.note(_notebook_of(library, change, s), fork, text, entry)
        library.notebooks.edit(fork, text, bases, fork)


def _keep(library: Library, notebook: str, conversation: str, exchange: str, part: str) -> None:
    found = library.conversations.get(conversation)
    answered = found.exchange(exchange) if found else None
    entry = entry_of(answered, part) if answered else None
    if entry is None:
        raise NothingThere("nothing_to_keep")
    library.notebooks.keep(notebook, entry)


def _notebook_of(library: Library, change: Mapping[str, Any], s: Strings) -> str:
    """Return the id of the notebook that a change is for; create the first one."""
    return library.notebooks.into(str(change.get("notebook") or ""), s.notebook.default_name)


def _storable(text: str) -> str:
    """Return a note shortened to the maximum, without lone surrogates, which UTF-8 cannot encode."""
    return text[:MAX_NOTE_CHARACTERS].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
