"""The outbox: the browser stores each question until the server acknowledges it, so that it is asked once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import streamlit as st

from rag.ui.components import component

_KEY = "outbox"
MAX_TAKEN = 1_000
"""Maximum number of ids in memory, far more than any outbox holds. Not fitted."""


class TakenQuestions:
    """The ids of the questions that were taken. Thread safe."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._lock = threading.Lock()

    def add(self, id: str) -> bool:
        """Add an id and tell whether it is new; forgets the oldest beyond MAX_TAKEN."""
        with self._lock:
            new = id not in self._ids
            self._ids[id] = None
            if len(self._ids) > MAX_TAKEN:
                del self._ids[next(iter(self._ids))]
            return new

    def __contains__(self, id: str) -> bool:
        return id in self._ids


@st.cache_resource(show_spinner=False)
def taken() -> TakenQuestions:
    """Return the taken questions of all sessions, so that a reconnected page does not ask twice."""
    return TakenQuestions()


def pending() -> list[tuple[str, str]]:
    """Return id and text of the questions that were sent but not taken."""
    return [(id, text) for id, text in _sent() if id not in taken()]


def draw() -> None:
    """Mount the outbox and acknowledge the questions that were taken."""
    data = {"taken": [id for id, _ in _sent() if id in taken()]}
    component("outbox")(key=_KEY, data=data, on_sent_change=lambda: None)


def _sent() -> Iterator[tuple[str, str]]:
    state = getattr(st.session_state.get(_KEY), "sent", None)
    for question in state.get("questions", ()) if isinstance(state, dict) else ():
        match question:
            case {"id": str(id), "text": str(text)}:
                yield id, text
