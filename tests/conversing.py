"""Engines and conversations that the tests of conversations share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ui_examples import answer, hit

from rag.conversations import Answers, Conversation, Conversations, Exchange
from rag.events import Answered, Event, Prompted, Retrieved, Token
from rag.store.database import ServerDatabase
from rag.store.processes import Processes
from rag.types import Filters, Turn


class Slow:
    """An `ask` that writes one word for each release of `go`."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.closed = threading.Event()

    def __call__(
        self, question: str, history: Sequence[Turn], model: str | None, filters: Filters
    ) -> Iterator[Event]:
        try:
            yield Retrieved((hit(),))
            for word in ("It ", "opened ", "late."):
                assert self.go.acquire(timeout=30)
                yield Token(word)
            yield Answered(answer("It opened late."))
        finally:
            self.closed.set()


def instant(question: str, history: Sequence[Turn], model: str | None, filters: Filters) -> Iterator[Event]:
    """Answers at once, with the questions that it was given."""
    yield Prompted((("user", question),), {"answer_tokens": 200})
    yield Answered(answer(f"{question}! after {[t.question for t in history]}"))


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def last(conversation: Conversation) -> Exchange:
    return conversation.exchanges[-1]


class ScriptedConversations(Conversations):
    """Conversations whose engine can be changed."""

    def __init__(self, place: Path | ServerDatabase, ask: Callable[..., Iterator[Event]] = instant) -> None:
        self.ask = ask
        self.translate: Callable[..., Iterator[str]] = lambda *_: iter(("Un ", "quai."))
        self.identify: Callable[[str], str] = lambda model: f"sha-{model}"
        answers = Answers(
            lambda *asked: self.ask(*asked[:4]),
            lambda model: self.identify(model),
            lambda *told: self.translate(*told),
        )
        self.place = place
        self.processes = None if isinstance(place, Path) else Processes(place, "app")
        super().__init__(place, answers, self.processes)

    def close(self) -> None:
        super().close()
        if self.processes:
            self.processes.close()

    def asked(self, *questions: str) -> Conversation:
        """A new conversation with these questions answered."""
        conversation = self.new()
        for question in questions:
            conversation.ask(question, "small")
            until(lambda: not conversation.running)
        return conversation


def reopened(conversations: ScriptedConversations, conversation: Conversation) -> Conversation:
    """The conversation as the next start of the app finds it."""
    conversations.close()
    found = ScriptedConversations(conversations.place).get(conversation.id)
    assert found is not None
    return found
