"""A conversation: its questions, and all versions of their answers, also while they are written."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import replace
from functools import partial

from rag.conversations.answer_task import AnswerTask, Step
from rag.conversations.answers import Answers
from rag.conversations.exchange import Exchange, Rating, Translation
from rag.conversations.merging import merged_exchange, merged_head
from rag.conversations.reader import EVERYTHING, Reader
from rag.conversations.summaries import Head, now, title_of
from rag.conversations.translation_task import TranslationTask
from rag.errors import BylineError
from rag.events import Event
from rag.types import AnswerForm, AnswerStyle, Filters, Turn

MAX_HISTORY = 3
"""Maximum number of earlier turns used to resolve a follow-up; more only lengthens the prompt. Not fitted."""

OnChange = Callable[[Head, Exchange | None], None]
"""Called after every change with the conversation's head, and the changed exchange if any."""


def new_id() -> str:
    """Return a random id of 72 bits in URL-safe Base64."""
    return secrets.token_urlsafe(9)


class Conversation:
    """A tree of exchanges, of which one path is shown. Thread safe.

    Each answer is written by an AnswerTask; the tasks run one at a time in the order of the questions.
    """

    def __init__(
        self,
        head: Head,
        exchanges: Iterable[Exchange],
        answers: Answers,
        on_change: OnChange,
        reader: Reader = EVERYTHING,
    ) -> None:
        self._head, self._answers, self._on_change, self.reader = head, answers, on_change, reader
        self._exchanges = {exchange.id: exchange for exchange in exchanges}
        self._tasks: dict[str, AnswerTask] = {}
        self._last_task: AnswerTask | None = None
        self._translating: TranslationTask | None = None
        self._lock = threading.RLock()

    @property
    def id(self) -> str:
        """The id used in the page's URL."""
        return self._head.id

    @property
    def head(self) -> Head:
        """The conversation without its exchanges."""
        return self._head

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The path that is shown: the current state of the chosen version of each exchange."""
        with self._lock:
            found: list[Exchange] = []
            while versions := self._children(found[-1].id if found else None):
                chosen = self._head.chosen.get(found[-1].id if found else "")
                found.append(next((e for e in versions if e.id == chosen), versions[-1]))
            return tuple(map(self.reader.shown, found))

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
        """The model of the first answer to the last question; models of later versions do not count."""
        with self._lock:
            last = self.exchanges[-1:]
            return self._children(last[0].parent)[0].model if last else None

    @property
    def all(self) -> tuple[Exchange, ...]:
        """Every version of every exchange, in the order of the questions."""
        with self._lock:
            return tuple(map(self.reader.shown, self._exchanges.values()))

    def exchange(self, id: str) -> Exchange | None:
        """Return the exchange with an id, shown or not; None if there is none."""
        found = self._exchanges.get(id)
        return found and self.reader.shown(found)

    def copy_for(self, reader: Reader) -> Conversation:
        """Return a copy for another reader, which changes nothing and is not stored."""
        with self._lock:
            stored = list(self._exchanges.values())
        return Conversation(self._head, stored, Answers(lambda *_: iter(())), lambda *_: None, reader)

    def versions(self, id: str) -> list[str]:
        """Return the ids of all versions of an exchange, including itself, oldest first."""
        with self._lock:
            return [e.id for e in self._children(self._exchanges[id].parent)]

    def ask(
        self,
        question: str,
        model: str,
        filters: Filters = Filters(),
        *,
        instead: str = "",
        interface_language: str = "",
        form: AnswerForm = "",
    ) -> str:
        """Begin an answer after the last exchange that is shown; return the new exchange's id.

        `interface_language` (ISO 639-1) is the fallback if the question's own language is not recognised.
        `form` is that of Library.ask. With `instead`, the answer becomes the newest version of that exchange,
        which is stopped first. The answer begins after all earlier ones have ended.
        """
        with self._lock:
            if instead:
                self.stop(instead)
            before = self._path_to(self._exchanges[instead].parent) if instead else self.exchanges
            exchange = Exchange(
                id=new_id(),
                question=question,
                model=model,
                filters=self.reader.bounded(filters),
                interface_language=interface_language,
                form=form,
                style=self._head.style,
                parent=before[-1].id if before else None,
                state="waiting" if self.busy else "searching",
            )
            task = self._tasks[exchange.id] = self._last_task = self._task(exchange)
            self._exchanges[exchange.id] = exchange
            self._head = replace(self._head, updated=now(), title=self._head.title or title_of(question))
            self.choose(exchange.id)
        task.start()
        return exchange.id

    def history(self, id: str) -> list[Turn]:
        """Return the last MAX_HISTORY turns of kind "content" before an exchange, oldest first.

        The answer of a turn is "" if the question was not answered.
        """
        with self._lock:
            path = map(self.reader.shown, self._path_to(self._exchanges[id].parent))
            before = [e for e in path if e.kind == "content"]
        return [Turn(e.question, e.text if e.state == "answered" else "") for e in before][-MAX_HISTORY:]

    def stop(self, id: str = "") -> None:
        """Stop the answer of an exchange, or without `id` all that are shown; text written so far is kept."""
        for exchange in [self._exchanges[id]] if id else self.exchanges:
            with self._lock:
                if self._exchanges[exchange.id].running:
                    self._stop_task(exchange.id)
                    self._put(replace(self._exchanges[exchange.id], state="stopped"))

    def accept(
        self,
        head: Head | None,
        exchanges: Iterable[Exchange],
        known_head: Head | None,
        known: Mapping[str, Exchange],
    ) -> None:
        """Take over what another process has stored; `known` is what this one knew to be stored.

        Changes of this process since then are kept, and will be written. An answer of this process is stopped
        where another has stopped it.
        """
        with self._lock:
            if head:
                self._head = merged_head(known_head, self._head, head)
                if self._head != head:
                    self._on_change(self._head, None)
            for theirs in exchanges:
                mine = self._exchanges.get(theirs.id, theirs)
                merged = merged_exchange(known.get(theirs.id), mine, theirs)
                self._exchanges[theirs.id] = merged
                if mine.running and not merged.running:
                    self._stop_task(theirs.id)
                if merged != theirs:
                    self._on_change(self._head, merged)

    def _stop_task(self, id: str) -> None:
        """Stop an answer, if it is this process that writes it."""
        if task := self._tasks.get(id):
            task.stop()

    def choose(self, id: str) -> None:
        """Show a version of an exchange, and the exchanges that follow it."""
        with self._lock:
            exchange = self._exchanges[id]
            self._head = replace(self._head, chosen={**self._head.chosen, exchange.parent or "": id})
            self._on_change(self._head, exchange)

    def rename(self, title: str) -> None:
        """Change the title; an empty one is ignored."""
        if new := title_of(title):
            self._change_head(replace(self._head, title=new))

    def delete(self, *, undo: bool = False) -> None:
        """Delete the conversation, or with `undo` restore it."""
        self._change_head(replace(self._head, deleted=None if undo else now()))

    def pin(self, pinned: bool = True) -> None:
        """Let the conversation stay on top of the list, or not."""
        self._change_head(replace(self._head, pinned=pinned))

    def write_as(self, style: AnswerStyle) -> None:
        """Set how the next answers are written."""
        self._change_head(replace(self._head, style=style))

    def rate(self, id: str, rating: Rating | None) -> None:
        """Set the reader's rating of an answer; None removes it."""
        self._change(id, lambda exchange: replace(exchange, rating=rating))

    def translate(self, id: str, n: int, language: str, model: str) -> None:
        """Begin to translate passage n (from 1) of an exchange, replacing an earlier translation."""
        self.stop_translating()  # outside our lock: a translation acquires it while it holds its own
        with self._lock:
            hit = self.reader.shown(self._exchanges[id]).found[n - 1]
            translation = Translation(n=n, language=language, model=model)
            put = partial(self._put_translation, id)
            self._translating = work = TranslationTask(hit, translation, self._answers.translate, put)
        work.start()

    def stop_translating(self) -> None:
        """Stop the running translation; text written so far is kept."""
        if self._translating is not None:
            self._translating.stop()

    def _task(self, exchange: Exchange) -> AnswerTask:
        return AnswerTask(
            partial(self._answer, exchange),
            partial(self._advance, exchange.id),
            after=self._last_task,
            on_end=partial(self._identify, exchange.id),
        )

    def _answer(self, exchange: Exchange) -> Generator[Event, None, None]:
        """Yield the events of an answer; called when all earlier answers have ended."""
        self._advance(exchange.id, lambda e: replace(e, state="searching"))
        history = self.history(exchange.id)
        yield from self._answers.ask(
            *(exchange.question, history, exchange.model, exchange.filters),
            *(exchange.interface_language, exchange.form, exchange.style),
        )

    def _identify(self, id: str) -> None:
        """Set the model's digest after the answer: hashing a large file takes time."""
        exchange = self._exchanges[id]
        if exchange.prompt:
            try:
                digest = self._answers.identify(exchange.model)
            except BylineError:  # the model was removed meanwhile
                return
            self._change(id, lambda e: replace(e, digest=digest))

    def _advance(self, id: str, step: Step) -> None:
        """Apply a step of an answer, unless the exchange was stopped."""
        with self._lock:
            if self._exchanges[id].running:
                self._change(id, step)

    def _change(self, id: str, step: Step) -> None:
        with self._lock:
            self._put(step(self._exchanges[id]))

    def _change_head(self, head: Head) -> None:
        with self._lock:
            self._head = head
            self._on_change(head, None)

    def _put(self, exchange: Exchange) -> None:
        self._exchanges[exchange.id] = exchange
        self._on_change(self._head, exchange)

    def _put_translation(self, id: str, translation: Translation) -> None:
        self._change(id, lambda exchange: exchange.translated(translation))

    def _children(self, parent: str | None) -> list[Exchange]:
        return [exchange for exchange in self._exchanges.values() if exchange.parent == parent]

    def _path_to(self, id: str | None) -> tuple[Exchange, ...]:
        """Return the path to an exchange, including itself."""
        return (*self._path_to(self._exchanges[id].parent), self._exchanges[id]) if id else ()
