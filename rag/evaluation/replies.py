"""Collect the events of a question into the finished answer and the model's speed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from rag.evaluation.examined_library import ExaminedLibrary
from rag.events import Answered, Event, Failed, NotFound, Thinking, Token, Unconfirmed
from rag.llm.generator import Model
from rag.llm.throughput import Throughput
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, the model's text before verification (`written`), and the error message if it failed.

    `tokens_per_second` excludes the first token; None for an answer of one token.
    """

    answer: Answer
    written: str = ""
    error: str = ""
    tokens_per_second: float | None = None


def reply(events: Iterator[Event], library: ExaminedLibrary, model: Model) -> Reply:
    """Consume the events to the end and time them."""
    throughput, written = Throughput(), ""
    count = partial(library.tokens, model=model.name) if model.runtime == "embedded" else None
    for event in events:
        match event:
            case Token(text) | Thinking(text):
                throughput.record(text)
                written += text if isinstance(event, Token) else ""
            case Answered(answer) | Unconfirmed(answer) | NotFound(answer):
                return Reply(answer, written, "", throughput.tokens_per_second(count))
            case Failed(message, answer):
                return Reply(answer, written, str(message))
            case _:
                pass
    raise AssertionError("every stream of events has an end")
