"""A question's events → the finished answer, and how fast the model wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from rag.documents import Answer, Answered, Event, Failed, NotFound, Thinking, Token
from rag.evaluating.examined import Examined
from rag.generating import Model
from rag.pace import Pace


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, what the model had `written` before it was checked, the engine's message if it failed.

    `tokens_per_second` is without the first token; None for an answer of one piece.
    """

    answer: Answer
    written: str = ""
    error: str = ""
    tokens_per_second: float | None = None


def reply(events: Iterator[Event], library: Examined, model: Model) -> Reply:
    """Let an answer be written to its end, and look at the clock."""
    pace, written = Pace(), ""
    count = partial(library.tokens, model=model.name) if model.runtime == "embedded" else None
    for event in events:
        match event:
            case Token(text) | Thinking(text):
                pace.note(text)
                written += text if isinstance(event, Token) else ""
            case Answered(answer) | NotFound(answer):
                return Reply(answer, written, "", pace.tokens_per_second(count))
            case Failed(message, answer):
                return Reply(answer, written, message)
            case _:
                pass
    raise AssertionError("every stream of events has an end")
