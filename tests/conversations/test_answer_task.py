"""The thread that writes an answer: its turn, its end, its failures and its stop."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest
from ui_examples import answer

from rag.conversations.answer_task import AnswerTask, Step
from rag.conversations.exchange import Exchange
from rag.errors import Interrupted
from rag.events import Answered, Event, Token

Events = Generator[Event, None, None]


class Holder:
    """An exchange that a task writes, and how the task ended."""

    def __init__(self) -> None:
        self.exchange = Exchange(id="e", question="When?", model="small", state="waiting")
        self.over = threading.Event()

    def change(self, step: Step) -> None:
        if self.exchange.running:
            self.exchange = step(self.exchange)

    def run(self, events: Events, **options: AnswerTask) -> AnswerTask:
        task = AnswerTask(lambda: events, self.change, on_end=self.over.set, **options)
        task.start()
        return task

    def ended(self, events: Events) -> Exchange:
        self.run(events)
        assert self.over.wait(5)
        return self.exchange


def writing(*events: Event | Exception) -> Events:
    for event in events:
        if isinstance(event, Exception):
            raise event
        yield event


def test_events_become_the_exchange() -> None:
    exchange = Holder().ended(writing(Token("In "), Token("May."), Answered(answer("In May. [1]"))))
    assert (exchange.state, exchange.text) == ("answered", "In May. [1]")


@pytest.mark.parametrize(
    ("error", "code"), [(Interrupted("engine_broke"), "engine_broke"), (ZeroDivisionError(), "unexpected")]
)
def test_an_error_fails_the_exchange_and_keeps_its_text(error: Exception, code: str) -> None:
    exchange = Holder().ended(writing(Token("In "), error))
    assert (exchange.state, exchange.text) == ("failed", "In ")
    assert exchange.message and exchange.message.code == code


def test_events_without_an_end_fail_the_exchange() -> None:
    assert Holder().ended(writing(Token("In "))).state == "failed"


def test_a_stop_closes_the_generation_after_its_next_event() -> None:
    holder, go, closed = Holder(), threading.Event(), threading.Event()

    def slow() -> Events:
        try:
            yield Token("In ")
            assert go.wait(5)
            yield Token("May ")
            yield Token("1999.")
        finally:
            closed.set()

    holder.run(slow()).stop()
    go.set()
    assert holder.over.wait(5) and "1999" not in holder.exchange.text
    assert closed.wait(1) or holder.exchange.text == ""


def test_a_task_waits_for_the_one_before_it_and_one_that_was_stopped_never_begins() -> None:
    first, second, third, go = Holder(), Holder(), Holder(), threading.Event()

    def slow() -> Events:
        assert go.wait(5)
        yield Answered(answer("First."))

    before = first.run(slow())
    skipped = second.run(writing(Answered(answer("Second."))), after=before)
    skipped.stop()
    third.run(writing(Answered(answer("Third."))), after=skipped)
    assert not third.over.wait(0.05)
    go.set()
    assert third.over.wait(5)
    assert (first.exchange.text, second.exchange.text, third.exchange.text) == ("First.", "", "Third.")
