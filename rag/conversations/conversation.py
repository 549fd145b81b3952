"""One conversation: questions, their answers as they grow, and the versions of each."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import methodcaller
from typing import Protocol

from rag.conversations.exchange import Exchange, Rating, Translation
from rag.conversations.records import Head, now, title_of
from rag.conversations.translating import Translate, Translating
from rag.documents import Event, Filters, Turn
from rag.errors import BylineError

HISTORY = 3
"""Finished turns that a follow-up can lean on; more only makes the prompt dear."""

OnChange = Callable[[Head, Exchange | None], None]
"""Is told of every change: the conversation, and the exchange where it is one of it."""

_log = logging.getLogger(__name__)


class Ask(Protocol):
    """`Library.ask`."""

    def __call__(
        self, question: str, history: Sequence[Turn], model: str | None, filters: Filters, /
    ) -> Iterator[Event]:
        """The events of an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Answers:
    """What conversations are answered with: `identify` gives a model's digest, "" where unknown."""

    ask: Ask
    identify: Callable[[str], str] = lambda _: ""
    translate: Translate = lambda *_: iter(())


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_urlsafe(9)


class Conversation:
    """A tree of exchanges, of which one path is shown. Any thread may call it.

    An answer is written by a thread of its own; one of this conversation at a time, in the order asked.
    """

    def __init__(
        self, head: Head, exchanges: Iterable[Exchange], answers: Answers, on_change: OnChange
    ) -> None:
        self._head, self._answers, self._on_change = head, answers, on_change
        self._exchanges = {exchange.id: exchange for exchange in exchanges}
        self._stops: dict[str, threading.Event] = {}
        self._translating: Translating | None = None
        self._last = threading.Event()
        self._last.set()
        self._lock = threading.RLock()

    @property
    def id(self) -> str:
        """What stands in the page's address."""
        return self._head.id

    @property
    def head(self) -> Head:
        """Title and dates."""
        return self._head

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that are shown, as they are now: the chosen version of each."""
        with self._lock:
            found: list[Exchange] = []
            while versions := self._after(found[-1].id if found else None):
                chosen = self._head.chosen.get(found[-1].id if found else "")
                found.append(next((e for e in versions if e.id == chosen), versions[-1]))
            return tuple(found)

    @property
    def running(self) -> bool:
        """Whether an answer that is shown is being written."""
        return any(exchange.running for exchange in self.exchanges)

    @property
    def busy(self) -> bool:
        """Whether any answer is being written, shown or not."""
        with self._lock:
            return any(exchange.running for exchange in self._exchanges.values())

    @property
    def model(self) -> str | None:
        """The model that was asked last."""
        return next((e.model for e in reversed(self.exchanges)), None)

    @property
    def all(self) -> tuple[Exchange, ...]:
        """Every version of every exchange, in the order asked."""
        with self._lock:
            return tuple(self._exchanges.values())

    def exchange(self, id: str) -> Exchange | None:
        """An exchange, shown or not."""
        return self._exchanges.get(id)

    def versions(self, id: str) -> list[str]:
        """The versions of an exchange, oldest first, itself among them."""
        with self._lock:
            return [e.id for e in self._after(self._exchanges[id].parent)]

    def ask(self, question: str, model: str, filters: Filters = Filters(), *, instead: str = "") -> str:
        """Begin an answer; returns the exchange's id.

        It follows the last exchange that is shown, or stands `instead` of another, as its newest version;
        that one, where it is still being written, is stopped and kept. Any other is waited for.
        """
        with self._lock:
            if instead:
                self.stop(instead)
            before = self._to(self._exchanges[instead].parent) if instead else self.exchanges
            exchange = Exchange(
                id=new_id(),
                question=question,
                model=model,
                filters=filters,
                parent=before[-1].id if before else None,
                state="waiting" if self.busy else "searching",
            )
            work = _Work(self, exchange, threading.Event(), self._answers, self._last)
            self._stops[exchange.id], self._last = work.stop, work.done
            self._exchanges[exchange.id] = exchange
            self._head = replace(self._head, updated=now(), title=self._head.title or title_of(question))
            self.choose(exchange.id)
        threading.Thread(target=work.run, name="answer", daemon=True).start()
        return exchange.id

    def history(self, id: str) -> list[Turn]:
        """The last turns before an exchange, oldest first; "" for the answer of one that found none."""
        with self._lock:
            ended = self._to(self._exchanges[id].parent)
        return [Turn(e.question, e.text if e.state == "answered" else "") for e in ended][-HISTORY:]

    def stop(self, id: str = "") -> None:
        """End the answer of an exchange, or of all that are shown; what there is of it is kept."""
        for exchange in [self._exchanges[id]] if id else self.exchanges:
            with self._lock:
                if self._exchanges[exchange.id].running:
                    self._stops[exchange.id].set()
                    self._put(replace(self._exchanges[exchange.id], state="stopped"))

    def choose(self, id: str) -> None:
        """Show this version, and what follows it."""
        with self._lock:
            exchange = self._exchanges[id]
            self._head = replace(self._head, chosen={**self._head.chosen, exchange.parent or "": id})
            self._on_change(self._head, exchange)

    def rename(self, title: str) -> None:
        """Give it another title; an empty one changes nothing."""
        if wanted := title_of(title):
            self._change_head(replace(self._head, title=wanted))

    def delete(self, *, undo: bool = False) -> None:
        """Take it out of the list, or back into it."""
        self._change_head(replace(self._head, deleted=None if undo else now()))

    def rate(self, id: str, rating: Rating | None) -> None:
        """Note what the reader thinks of an answer; None takes it back."""
        self.change(id, lambda exchange: replace(exchange, rating=rating))

    def translate(self, id: str, n: int, language: str, model: str) -> None:
        """Have passage n of what an exchange found translated, in place of an earlier translation."""
        self.stop_translating()  # not under our lock: it takes it itself when it has its own
        with self._lock:
            text = self._exchanges[id].found[n - 1].passage.text
            wanted = Translation(n=n, language=language, model=model)
            put = partial(self._put_translation, id)
            self._translating = work = Translating(text, wanted, self._answers.translate, put)
        work.start()

    def stop_translating(self) -> None:
        """End the translation that is being written; what there is of it is kept."""
        if self._translating is not None:
            self._translating.stop()

    def change(
        self, id: str, step: Callable[[Exchange], Exchange], stop: threading.Event | None = None
    ) -> None:
        """Replace an exchange by its next snapshot, unless it was stopped."""
        with self._lock:
            if stop is None or not stop.is_set():
                self._put(step(self._exchanges[id]))

    def _change_head(self, head: Head) -> None:
        with self._lock:
            self._head = head
            self._on_change(head, None)

    def _put(self, exchange: Exchange) -> None:
        self._exchanges[exchange.id] = exchange
        self._on_change(self._head, exchange)

    def _put_translation(self, id: str, translation: Translation) -> None:
        self.change(id, lambda exchange: exchange.translated(translation))

    def _after(self, parent: str | None) -> list[Exchange]:
        return [exchange for exchange in self._exchanges.values() if exchange.parent == parent]

    def _to(self, id: str | None) -> tuple[Exchange, ...]:
        """The exchanges that lead to one, and itself."""
        return (*self._to(self._exchanges[id].parent), self._exchanges[id]) if id else ()


@dataclass(frozen=True, slots=True)
class _Work:
    """The thread that writes one answer into its conversation."""

    conversation: Conversation
    exchange: Exchange
    stop: threading.Event
    answers: Answers
    earlier: threading.Event
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        self.earlier.wait()
        try:
            if not self.stop.is_set():
                self._change(lambda e: replace(e, state="searching"))
                self._follow()
        except BylineError as error:
            self._fail(str(error))
        except Exception:
            _log.exception("An answer broke off")
            self._fail("")
        finally:
            self.done.set()
        self._identify()

    def _follow(self) -> None:
        asked = self.exchange
        history = self.conversation.history(asked.id)
        events = self.answers.ask(asked.question, history, asked.model, asked.filters)
        try:
            for event in events:
                self._change(methodcaller("after", event))
                if self.stop.is_set():
                    return
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()  # ends the generation; only this thread may, the generator is its own
        self._change(lambda e: replace(e, state="failed") if e.running else e)

    def _identify(self) -> None:
        """Note the model's digest: afterwards, for reading a large file takes its time."""
        exchange = self.conversation.exchange(self.exchange.id)
        if exchange is not None and exchange.prompt:
            digest = self.answers.identify(exchange.model)
            self.conversation.change(exchange.id, lambda e: replace(e, digest=digest))

    def _fail(self, message: str) -> None:
        self._change(lambda e: replace(e, state="failed", message=message))

    def _change(self, step: Callable[[Exchange], Exchange]) -> None:
        self.conversation.change(self.exchange.id, step, self.stop)
