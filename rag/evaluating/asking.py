"""A question's events → the finished answer, and how fast the model wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from rag.documents import Answer, Answered, Event, Failed, NotFound, Thinking, Token
from rag.evaluating.examined import Examined
from rag.generating import Model


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
    pieces: list[Token | Thinking] = []
    times: list[float] = []
    for event in events:
        match event:
            case Token() | Thinking():
                pieces.append(event)
                times.append(perf_counter())
            case Answered(answer) | NotFound(answer):
                speed = _speed([piece.text for piece in pieces], times, library, model)
                return Reply(answer, _written(pieces), "", speed)
            case Failed(message, answer):
                return Reply(answer, _written(pieces), message)
            case _:
                pass
    raise AssertionError("every stream of events has an end")


def _written(pieces: Sequence[Token | Thinking]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Token))


def _speed(pieces: list[str], times: list[float], library: Examined, model: Model) -> float | None:
    """Tokens over seconds, from the first piece on.

    An Ollama server counts no tokens, but sends each by itself.
    """
    if len(pieces) < 2 or times[-1] <= times[0]:
        return None
    counted = model.runtime == "embedded"
    tokens = library.tokens("".join(pieces[1:]), model.name) if counted else len(pieces) - 1
    return tokens / (times[-1] - times[0])
