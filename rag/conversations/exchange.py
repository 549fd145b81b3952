"""An exchange: a question and its answer so far, with all data that the answer was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from rag.events import (
    Answered,
    Checked,
    Event,
    Failed,
    Loading,
    NotFound,
    Prompted,
    Rephrased,
    Rereading,
    Retrieved,
    Rewritten,
    Thinking,
    Token,
    Unconfirmed,
)
from rag.locales.message import Message, to_data, verbatim
from rag.types import AnswerForm, AnswerStyle, Filters, Hit, Kind, Mended, Outcome, Quote, Sentence, Timings
from rag.verification.translations import Discrepancy

Running = Literal["waiting", "searching", "loading", "reading", "writing"]
"""`waiting`: until the previous answer ends; `loading`: the model is being loaded into memory; `reading`: the
model reads the prompt."""
State = Literal[Running, Outcome, "failed", "stopped", "cut_off"]
"""`cut_off`: the app ended while the answer was being written."""
RUNNING = get_args(Running)

_ANSWER_FIELDS = (
    *("model", "hits", "text", "thinking", "language", "sentences", "timings", "warnings", "kind", "offers"),
    *("searched", "advice", "prompt_tokens", "unused", "quotes", "mended", "dates", "confidence"),
)
"""The fields that an exchange copies from the finished answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A reader's rating of an answer: good or not, the names of preset reasons, and a note."""

    good: bool
    reasons: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A machine translation of passage `n` (from 1) of `Exchange.found`; it is neither cited nor verified.

    `stopped`: the reader ended it early. `failure` is the error message for the reader. `discrepancies` are
    the parts of `text` whose figures, dates or names differ from the original, None if not compared.
    """

    n: int
    language: str
    model: str
    text: str = ""
    running: bool = False
    stopped: bool = False
    failure: Message | None = None
    discrepancies: tuple[Discrepancy, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A snapshot of a question and its answer, sufficient to repeat the question.

    `parent` is the id of the preceding exchange, None for a conversation's first; exchanges with the same
    parent are versions of each other. `interface_language` is the page's language (ISO 639-1) when the
    question was asked, "" if unknown. `form` and `style` are those of the answer that the reader chose.
    `prompt` (role and content of each message) and `options` are those of `Prompted`. `digest` is the
    SHA-256 of the model's file. `message` describes a failure. The fields in _ANSWER_FIELDS are those of
    `Answer`.
    """

    id: str
    question: str
    model: str
    parent: str | None = None
    asked: datetime = field(default_factory=lambda: datetime.now(UTC))
    filters: Filters = Filters()
    interface_language: str = ""
    form: AnswerForm = ""
    style: AnswerStyle = AnswerStyle()
    state: State = "searching"
    hits: tuple[Hit, ...] = ()
    unused: tuple[Hit, ...] = ()
    quotes: tuple[Quote, ...] = ()
    kind: Kind = "content"
    offers: tuple[str, ...] = ()
    mended: tuple[Mended, ...] = ()
    dates: tuple[str, ...] = ()
    text: str = ""
    thinking: str = ""
    language: str = ""
    sentences: tuple[Sentence, ...] = ()
    timings: Timings | None = None
    warnings: tuple[Message, ...] = ()
    searched: str = ""
    advice: tuple[Message, ...] = ()
    message: Message | None = None
    prompt: tuple[tuple[str, str], ...] = ()
    prompt_tokens: int | None = None
    confidence: float | None = None
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
        """The hits that the model read, then the others: `found[n - 1]` is passage n."""
        return self.hits + self.unused

    @property
    def reply_offers(self) -> tuple[str, ...]:
        """The offers that are a part of the reply to a greeting; others are made beside an answer."""
        return self.offers if self.kind in ("greeting", "thanks") else ()

    def after(self, event: Event) -> Exchange:
        """Return the exchange with `event` applied."""
        return replace(self, **_changes(self, event))

    def translation(self, n: int, language: str) -> Translation | None:
        """Return the translation of passage n into a language, None if there is none."""
        return next((t for t in self.translations if (t.n, t.language) == (n, language)), None)

    def translated(self, translation: Translation) -> Exchange:
        """Return the exchange with this translation, replacing an earlier one into the same language."""
        same = (translation.n, translation.language)
        others = tuple(t for t in self.translations if (t.n, t.language) != same)
        return replace(self, translations=(*others, translation))


_RECORD = TypeAdapter(Exchange)


def to_json(exchange: Exchange) -> bytes:
    """Serialise an exchange as JSON; lone surrogates, which UTF-8 cannot encode, are replaced."""
    try:
        return _RECORD.dump_json(exchange)
    except PydanticSerializationError:
        question, text, thinking = map(_repaired, (exchange.question, exchange.text, exchange.thinking))
        repaired = replace(exchange, question=question, text=text, thinking=thinking, sentences=(), prompt=())
        return _RECORD.dump_json(repaired)


def from_json(record: str | bytes) -> Exchange:
    """Parse the JSON of `to_json`, of this version or an older one. Raises ValueError."""
    try:
        return _RECORD.validate_json(record)
    except ValueError:
        return _RECORD.validate_python(_upgraded(json.loads(record)))


def _upgraded(record: dict[str, Any]) -> dict[str, Any]:
    """Convert a record of version 0.1, whose messages were plain texts; these are shown verbatim."""
    for name in ("warnings", "advice"):
        record[name] = [_message(one) for one in record.get(name, ())]
    if record.get("state") == "not_found" and record.get("hits"):
        record["state"] = "unconfirmed"
    record["message"] = _message(record.get("message"))
    for sentence in record.get("sentences", ()):
        sentence["reason"] = _message(sentence.get("reason"))
    for translation in record.get("translations", ()):
        translation["failure"] = _message(translation.get("failure"))
    return record


def _message(stored: Any) -> Any:
    return to_data(verbatim(stored)) if isinstance(stored, str) and stored else stored or None


def _repaired(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _changes(before: Exchange, event: Event) -> dict[str, Any]:
    match event:
        case Answered(answer) | Unconfirmed(answer) | NotFound(answer):
            end: dict[str, Any] = {"state": answer.outcome}
        case Failed(message, answer):
            end = {"state": "failed", "message": message}
        case _:
            return _changes_before_end(before, event)
    copied = {name: getattr(answer, name) for name in _ANSWER_FIELDS}
    return end | copied | {"model": answer.model or before.model}  # an answer made without a model names none


def _changes_before_end(before: Exchange, event: Event) -> dict[str, Any]:
    """Return the changes by an event before the end."""
    match event:
        case Rephrased(text):
            changes: dict[str, Any] = {"searched": text}
        case Retrieved(hits, unused, quotes, mended):
            changes = {"state": "reading", "hits": hits, "unused": unused, "quotes": quotes, "mended": mended}
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
