"""A question and its answer so far, with all that the answer is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from rag.documents import (
    Answered,
    Checked,
    Event,
    Failed,
    Filters,
    Hit,
    Loading,
    NotFound,
    Prompted,
    Rephrased,
    Rereading,
    Retrieved,
    Rewritten,
    Sentence,
    Thinking,
    Timings,
    Token,
)

Running = Literal["waiting", "searching", "loading", "reading", "writing"]
"""`waiting`: the answer before it is still being written; `loading`: the model is brought into memory."""
State = Literal[Running, "answered", "not_found", "failed", "stopped", "cut_off"]
"""`cut_off`: the app ended meanwhile."""
RUNNING = get_args(Running)

_TAKEN = (
    *("model", "hits", "text", "thinking", "language", "sentences", "timings", "warnings"),
    *("searched", "advice", "prompt_tokens", "unused"),
)
"""What the exchange takes from the finished answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a reader thinks of an answer: good or not, why (names of preset reasons), and in their words."""

    good: bool
    reasons: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A model's translation of passage `n` of `Exchange.found`. Never cited, never checked.

    `stopped` before it was whole; `failure` says what went wrong, for the reader.
    """

    n: int
    language: str
    model: str
    text: str = ""
    running: bool = False
    stopped: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and its answer: a snapshot, enough to ask the same again.

    `parent` is the exchange that it follows, None for the first of a conversation; exchanges of one
    parent are versions of each other. `hits`, `text`, `thinking`, `sentences`, `timings`, `warnings`,
    `searched`, `advice`, `prompt_tokens` and `unused` are those of `Answer`; `prompt` (role and content of
    each message) and `options` those of `Prompted`; `digest` is the model's (SHA-256). `message` says what
    went wrong, where something did (empty for an unexpected error).
    """

    id: str
    question: str
    model: str
    parent: str | None = None
    asked: datetime = field(default_factory=lambda: datetime.now(UTC))
    filters: Filters = Filters()
    state: State = "searching"
    hits: tuple[Hit, ...] = ()
    unused: tuple[Hit, ...] = ()
    text: str = ""
    thinking: str = ""
    language: str = ""
    sentences: tuple[Sentence, ...] = ()
    timings: Timings | None = None
    warnings: tuple[str, ...] = ()
    searched: str = ""
    advice: tuple[str, ...] = ()
    message: str = ""
    prompt: tuple[tuple[str, str], ...] = ()
    prompt_tokens: int | None = None
    options: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
    rating: Rating | None = None
    translations: tuple[Translation, ...] = ()

    @property
    def running(self) -> bool:
        """Whether the answer is still being written."""
        return self.state in RUNNING

    @property
    def found(self) -> tuple[Hit, ...]:
        """Every passage that was found: `found[n - 1]` is passage n, those that were not read come last."""
        return self.hits + self.unused

    def after(self, event: Event) -> Exchange:
        """Return the exchange as it is after `event`."""
        return replace(self, **_changes(self, event))

    def translation(self, n: int, language: str) -> Translation | None:
        """What there is of passage n in a language."""
        return next((t for t in self.translations if (t.n, t.language) == (n, language)), None)

    def translated(self, translation: Translation) -> Exchange:
        """Return the exchange with this translation in place of an earlier one."""
        same = (translation.n, translation.language)
        others = tuple(t for t in self.translations if (t.n, t.language) != same)
        return replace(self, translations=(*others, translation))


_RECORD = TypeAdapter(Exchange)


def to_json(exchange: Exchange) -> bytes:
    """The exchange as JSON; text that is not Unicode is mended."""
    try:
        return _RECORD.dump_json(exchange)
    except PydanticSerializationError:
        question, text, thinking = map(_mended, (exchange.question, exchange.text, exchange.thinking))
        mended = replace(exchange, question=question, text=text, thinking=thinking, sentences=(), prompt=())
        return _RECORD.dump_json(mended)


def from_json(record: str | bytes) -> Exchange:
    """The exchange of such a JSON. Raises ValueError."""
    return _RECORD.validate_json(record)


def _mended(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _changes(before: Exchange, event: Event) -> dict[str, Any]:
    match event:
        case Answered(answer):
            end = {"state": "answered"}
        case NotFound(answer):
            end = {"state": "not_found"}
        case Failed(message, answer):
            end = {"state": "failed", "message": message}
        case _:
            return _grown(before, event)
    return end | {name: getattr(answer, name) for name in _TAKEN}


def _grown(before: Exchange, event: Event) -> dict[str, Any]:
    """What changes while the answer is being written."""
    match event:
        case Rephrased(text):
            changes: dict[str, Any] = {"searched": text}
        case Retrieved(hits, unused):
            changes = {"state": "reading", "hits": hits, "unused": unused}
        case Loading(over):
            changes = {"state": "reading" if over else "loading"}
        case Prompted(messages, options):
            changes = {"prompt": messages, "options": options}
        case Thinking(text):
            state = "reading" if before.state == "loading" else before.state
            changes = {"state": state, "thinking": before.thinking + text}
        case Token(text):
            changes = {"state": "writing", "text": before.text + text}
        case Rereading():
            changes = {"state": "reading", "text": ""}
        case Rewritten(text):
            changes = {"text": text}
        case Checked(sentences):
            changes = {"sentences": sentences}
        case _:
            changes = {}
    return changes
