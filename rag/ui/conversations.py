"""Conversations: what was asked, and the answers as they grow.

An answer is written by a thread of its own, so nothing that happens to a page ends it: pages only
read snapshots. Nothing here knows Streamlit.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import methodcaller
from typing import Any, Literal

from rag.documents import (
    Answered,
    Checked,
    Event,
    Failed,
    Hit,
    NotFound,
    Rephrased,
    Retrieved,
    Rewritten,
    Sentence,
    Thinking,
    Timings,
    Token,
    Turn,
)
from rag.errors import BylineError

State = Literal["searching", "reading", "writing", "answered", "not_found", "failed", "stopped"]
Ask = Callable[[str, Sequence[Turn], str | None], Iterator[Event]]
"""`Library.ask`: question, history, model."""

HISTORY = 3
"""Finished turns that a follow-up can lean on; more only makes the prompt dear."""
KEPT = 500
"""Conversations kept in memory; the one that was used least recently goes first."""

_TAKEN = (
    *("model", "hits", "text", "thinking", "language", "sentences", "timings", "warnings"),
    *("searched", "advice"),
)
"""What the exchange takes from the finished answer."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and its answer so far: a snapshot.

    `hits`, `text`, `thinking`, `sentences`, `timings`, `warnings`, `searched` and `advice` are those of
    `Answer`; `message` says what went wrong, where something did (empty for an unexpected error).
    """

    question: str
    model: str
    state: State = "searching"
    hits: tuple[Hit, ...] = ()
    text: str = ""
    thinking: str = ""
    language: str = ""
    sentences: tuple[Sentence, ...] = ()
    timings: Timings | None = None
    warnings: tuple[str, ...] = ()
    searched: str = ""
    advice: tuple[str, ...] = ()
    message: str = ""

    @property
    def running(self) -> bool:
        """Whether the answer is still being written."""
        return self.state in {"searching", "reading", "writing"}

    def after(self, event: Event) -> Exchange:
        """Return the exchange as it is after `event`."""
        return replace(self, **_changes(self, event))


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
        case Retrieved(hits):
            return {"state": "reading", "hits": hits}
        case Rephrased(text) | Rewritten(text):
            return {"text": text} if isinstance(event, Rewritten) else {"searched": text}
        case Thinking(text):
            return {"thinking": before.thinking + text}
        case Token(text):
            return {"state": "writing", "text": before.text + text}
        case Checked(sentences):
            return {"sentences": sentences}
        case _:
            return {}


class Conversation:
    """Questions and answers in order; at most the last answer is being written."""

    def __init__(self, id: str) -> None:
        self.id = id
        self._exchanges: list[Exchange] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges as they are now."""
        with self._lock:
            return tuple(self._exchanges)

    @property
    def running(self) -> bool:
        """Whether an answer is being written."""
        return any(e.running for e in self.exchanges[-1:])

    @property
    def model(self) -> str | None:
        """The model that was asked last."""
        return next((e.model for e in reversed(self.exchanges)), None)

    @property
    def history(self) -> list[Turn]:
        """The last turns that have ended, oldest first; "" for the answer of one that found none."""
        ended = [e for e in self.exchanges if not e.running]
        done = [Turn(e.question, e.text if e.state == "answered" else "") for e in ended]
        return done[-HISTORY:]

    def ask(self, question: str, model: str, ask: Ask) -> None:
        """Begin an answer; one that is still being written is stopped and kept."""
        self.stop()
        history, stop = self.history, threading.Event()
        with self._lock:
            self._stop = stop
            self._exchanges.append(Exchange(question=question, model=model))
            index = len(self._exchanges) - 1
        work = _Work(self, index, stop)
        threading.Thread(
            target=work.run, args=(ask, question, history, model), name="answer", daemon=True
        ).start()

    def stop(self) -> None:
        """End the answer that is being written; what there is of it is kept."""
        with self._lock:
            self._stop.set()
            if self._exchanges and self._exchanges[-1].running:
                self._exchanges[-1] = replace(self._exchanges[-1], state="stopped")

    def change(self, index: int, stop: threading.Event, step: Callable[[Exchange], Exchange]) -> None:
        """Replace an exchange by its next snapshot, unless it was stopped."""
        with self._lock:
            if not stop.is_set():
                self._exchanges[index] = step(self._exchanges[index])


@dataclass(frozen=True, slots=True)
class _Work:
    """The thread that writes one answer into its conversation."""

    conversation: Conversation
    index: int
    stop: threading.Event

    def run(self, ask: Ask, question: str, history: Sequence[Turn], model: str) -> None:
        try:
            self._follow(ask(question, history, model))
        except BylineError as error:
            self._fail(str(error))
        except Exception:
            _log.exception("An answer broke off")
            self._fail("")

    def _follow(self, events: Iterator[Event]) -> None:
        try:
            for event in events:
                self.conversation.change(self.index, self.stop, methodcaller("after", event))
                if self.stop.is_set():
                    return
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()  # ends the generation; only this thread may, the generator is its own
        self._fail_if_running()

    def _fail(self, message: str) -> None:
        self.conversation.change(self.index, self.stop, lambda e: replace(e, state="failed", message=message))

    def _fail_if_running(self) -> None:
        self.conversation.change(
            self.index, self.stop, lambda e: replace(e, state="failed") if e.running else e
        )


class Conversations:
    """All conversations of this process, by the id that stands in the page's address."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._all: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, id: str | None) -> Conversation | None:
        """The conversation of this id, or None where there is none (any more)."""
        with self._lock:
            if id is None or id not in self._all:
                return None
            self._all.move_to_end(id)
            return self._all[id]

    def new(self) -> Conversation:
        """A new, empty conversation."""
        conversation = Conversation(secrets.token_urlsafe(9))
        with self._lock:
            self._all[conversation.id] = conversation
            self._drop_old()
        return conversation

    def _drop_old(self) -> None:
        idle = [c.id for c in self._all.values() if not c.running]
        for old in idle[: max(0, len(self._all) - self._kept)]:
            del self._all[old]
