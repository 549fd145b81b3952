"""Conversations: answers grow in a thread of their own, whatever pages do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from ui_examples import answer, hit

from rag.documents import Answered, Event, Failed, NotFound, Retrieved, Token, Turn
from rag.errors import EngineUnavailable
from rag.ui.conversations import Conversation, Conversations, Exchange


class Slow:
    """An `ask` that writes one word at a time, when told to."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.closed = threading.Event()

    def __call__(self, question: str, history: Sequence[Turn], model: str | None) -> Iterator[Event]:
        try:
            yield Retrieved((hit(),))
            for word in ("It ", "opened ", "late."):
                assert self.go.acquire(timeout=5)
                yield Token(word)
            yield Answered(answer("It opened late."))
        finally:
            self.closed.set()


def instant(question: str, history: Sequence[Turn], model: str | None) -> Iterator[Event]:
    yield Answered(answer(f"{question}! after {[t.question for t in history]}"))


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def last(conversation: Conversation) -> Exchange:
    return conversation.exchanges[-1]


def test_an_answer_grows_while_nobody_looks() -> None:
    conversation, ask = Conversation("c"), Slow()
    conversation.ask("When?", "small", ask)
    until(lambda: last(conversation).state == "reading")
    ask.go.release(2)
    until(lambda: last(conversation).text == "It opened ")
    assert conversation.running
    ask.go.release()
    until(lambda: not conversation.running)
    assert (last(conversation).state, last(conversation).text) == ("answered", "It opened late.")


def test_stopping_keeps_what_was_written_at_once_and_ends_the_generation() -> None:
    conversation, ask = Conversation("c"), Slow()
    conversation.ask("When?", "small", ask)
    ask.go.release()
    until(lambda: last(conversation).text == "It ")
    conversation.stop()
    assert (last(conversation).state, last(conversation).text) == ("stopped", "It ")
    ask.go.release(2)
    assert ask.closed.wait(5)
    assert (last(conversation).state, last(conversation).text) == ("stopped", "It ")


def test_a_new_question_stops_the_answer_before_it_and_keeps_it() -> None:
    conversation, ask = Conversation("c"), Slow()
    conversation.ask("When?", "small", ask)
    ask.go.release()
    until(lambda: last(conversation).text == "It ")
    conversation.ask("Where?", "small", instant)
    until(lambda: not conversation.running)
    assert [e.state for e in conversation.exchanges] == ["stopped", "answered"]
    ask.go.release(2)


def test_stopping_a_finished_answer_changes_nothing() -> None:
    conversation = Conversation("c")
    conversation.ask("When?", "small", instant)
    until(lambda: not conversation.running)
    conversation.stop()
    assert last(conversation).state == "answered"


def raising(error: Exception) -> Callable[..., Iterator[Event]]:
    def ask(question: str, history: Sequence[Turn], model: str | None) -> Iterator[Event]:
        yield Token("It ")
        raise error

    return ask


@pytest.mark.parametrize(
    ("error", "message"),
    [(EngineUnavailable("Ollama is away."), "Ollama is away."), (RuntimeError("secret"), "")],
)
def test_an_error_is_told_and_the_next_question_works(error: Exception, message: str) -> None:
    conversation = Conversation("c")
    conversation.ask("When?", "small", raising(error))
    until(lambda: not conversation.running)
    assert (last(conversation).state, last(conversation).text) == ("failed", "It ")
    assert last(conversation).message == message
    conversation.ask("Again?", "small", instant)
    until(lambda: last(conversation).state == "answered")


def test_a_stream_that_just_ends_has_failed() -> None:
    conversation = Conversation("c")
    conversation.ask("When?", "small", lambda *_: iter([Token("It ")]))
    until(lambda: not conversation.running)
    assert last(conversation).state == "failed"


def test_only_the_last_finished_turns_are_history() -> None:
    conversation = Conversation("c")
    ends = [Answered, NotFound, lambda a: Failed("x", a), Answered, Answered, Answered]
    for number, end in enumerate(ends):
        conversation.ask(f"q{number}", "small", lambda *_, end=end: iter([end(answer("a"))]))
        until(lambda: not conversation.running)
    assert [turn.question for turn in conversation.history] == ["q3", "q4", "q5"]


def test_the_conversation_knows_the_model_that_was_asked_last() -> None:
    conversation = Conversation("c")
    assert conversation.model is None
    conversation.ask("When?", "other", lambda *_: iter([]))
    until(lambda: not conversation.running)
    assert conversation.model == "other"


def test_conversations_are_found_by_their_id() -> None:
    conversations = Conversations()
    one, two = conversations.new(), conversations.new()
    assert conversations.get(one.id) is one and conversations.get(two.id) is two
    assert conversations.get("unknown") is None and conversations.get(None) is None


def test_the_conversation_used_least_recently_goes_first_but_never_one_that_runs() -> None:
    conversations, ask = Conversations(kept=2), Slow()
    running = conversations.new()
    running.ask("When?", "small", ask)
    idle, newest = conversations.new(), conversations.new()
    assert conversations.get(idle.id) is None
    assert conversations.get(running.id) is running and conversations.get(newest.id) is newest
    ask.go.release(3)
