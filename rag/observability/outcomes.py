"""The outcome of an answer, as metrics and traces name it."""

from __future__ import annotations

from rag.events import Answered, End, Event, Failed, NotFound, Unconfirmed
from rag.types import Answer

STOPPED = "stopped"
"""The outcome of an answer without an end event: its reader stopped it or left."""


def outcome_of(event: Event) -> str:
    """Return the outcome that an event ends an answer with; "" for an event before the end."""
    match event:
        case Answered():
            return "answered"
        case Unconfirmed():
            return "unconfirmed"
        case NotFound():
            return "not_found"
        case Failed():
            return "failed"
    return ""


def answer_of(event: Event) -> Answer | None:
    """Return the answer of an end event."""
    return event.answer if isinstance(event, End) else None
