"""The outbox: the browser stores each question until the server acknowledges it, so that it is asked once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import streamlit as st

from rag.ui.components import component

_KEY = "outbox"
MAX_IDS = 1_000
"""Maximum number of ids in memory, far more than any outbox holds. Not fitted."""


class AcknowledgedIds:
    """Ids of what the server has received. Thread safe."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._lock = threading.Lock()

    def add(self, id: str) -> bool:
        """Add an id and tell whether it is new; forgets the oldest beyond MAX_IDS."""
        with self._lock:
            new = id not in self._ids
            self._ids[id] = None
            if len(self._ids) > MAX_IDS:
                del self._ids[next(iter(self._ids))]
            return new

    def __contains__(self, id: str) -> bool:
        return id in self._ids


@st.cache_resource(show_spinner=False)
def acknowledged() -> AcknowledgedIds:
    """Return the ids of all sessions' questions, so that a reconnected page does not ask twice."""
    return AcknowledgedIds()


def pending() -> list[tuple[str, str]]:
    """Return id and text of the questions that were sent but not acknowledged."""
    return [(id, text) for id, text in _sent() if id not in acknowledged()]


def draw() -> None:
    """Mount the outbox and acknowledge the questions received."""
    data = {"taken": [id for id, _ in _sent() if id in acknowledged()]}
    component("outbox")(key=_KEY, data=data, on_sent_change=lambda: None)


def _sent() -> Iterator[tuple[str, str]]:
    state = getattr(st.session_state.get(_KEY), "sent", None)
    for question in state.get("questions", ()) if isinstance(state, dict) else ():
        match question:
            case {"id": str(id), "text": str(text)}:
                yield id, text
