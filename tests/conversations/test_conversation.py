"""Conversations: answers grow in threads of their own; versions; what is told of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conversing import ScriptedConversations, Slow, instant, last, until
from ui_examples import answer

from rag.conversations import Conversations, Exchange
from rag.conversations.conversation import Answers
from rag.conversations.exchange import from_json, to_json
from rag.conversations.summaries import title_of
from rag.errors import EngineUnavailable, ModelMissing
from rag.events import Answered, Event, Failed, Loading, NotFound, Thinking, Token
from rag.locales.message import Message, verbatim
from rag.ui.answer_actions import act

pytestmark = pytest.mark.sqlite  # nothing is read from the file


def test_an_answer_grows_while_nobody_looks(conversations: ScriptedConversations) -> None:
    conversations.ask = ask = Slow()
    conversation = conversations.new()
    conversation.ask("When?", "small")
    until(lambda: last(conversation).state == "reading")
    ask.go.release(2)
    until(lambda: last(conversation).text == "It opened ")
    assert conversation.running
    ask.go.release()
    until(lambda: not conversation.running)
    assert (last(conversation).state, last(conversation).text) == ("answered", "It opened late.")


@pytest.mark.parametrize("after", [Loading(over=True), Token("It"), Thinking("Hm")])
def test_a_model_is_loaded_between_the_passages_and_the_words(after: Event) -> None:
    exchange = Exchange(id="e", question="When?", model="small", state="reading").after(Loading())
    assert exchange.state == "loading" and exchange.running
    assert from_json(to_json(exchange)) == exchange
    assert exchange.after(after).state == ("writing" if isinstance(after, Token) else "reading")


def test_stopping_keeps_what_was_written_at_once_and_ends_the_generation(
    conversations: ScriptedConversations,
) -> None:
    conversations.ask = ask = Slow()
    conversation = conversations.new()
    conversation.ask("When?", "small")
    ask.go.release()
    until(lambda: last(conversation).text == "It ")
    conversation.stop()
    assert (last(conversation).state, last(conversation).text) == ("stopped", "It ")
    ask.go.release(2)
    assert ask.closed.wait(5)
    assert (last(conversation).state, last(conversation).text) == ("stopped", "It ")


def test_a_question_waits_for_the_answer_before_it_and_leans_on_it(
    conversations: ScriptedConversations,
) -> None:
    conversations.ask = ask = Slow()
    conversation = conversations.new()
    conversation.ask("When?", "small")
    until(lambda: last(conversation).state == "reading")
    conversations.ask = instant
    conversation.ask("Where?", "small")
    conversation.ask("Why?", "small")
    assert [e.state for e in conversation.exchanges] == ["reading", "waiting", "waiting"]
    ask.go.release(3)
    until(lambda: not conversation.running)
    assert [e.state for e in conversation.exchanges] == ["answered"] * 3
    assert last(conversation).text == "Why?! after ['When?', 'Where?']"


def test_a_question_that_waits_can_be_stopped(conversations: ScriptedConversations) -> None:
    conversations.ask = ask = Slow()
    conversation = conversations.new()
    conversation.ask("When?", "small")
    waiting = conversation.ask("Where?", "small")
    conversation.stop(waiting)
    ask.go.release(3)
    until(lambda: not conversation.running)
    assert [e.state for e in conversation.exchanges] == ["answered", "stopped"]


def test_stopping_a_finished_answer_changes_nothing(conversations: ScriptedConversations) -> None:
    conversation = conversations.asked("When?")
    conversation.stop()
    assert last(conversation).state == "answered"


UNEXPECTED = str(Message.of("unexpected"))


@pytest.mark.parametrize(
    ("error", "message"),
    [(EngineUnavailable("Ollama is away."), "Ollama is away."), (RuntimeError("secret"), UNEXPECTED)],
)
def test_an_error_is_reported_and_the_next_question_works(
    conversations: ScriptedConversations, error: Exception, message: str
) -> None:
    def broken(*_: object) -> Iterator[Event]:
        yield Token("It ")
        raise error

    conversations.ask = broken
    conversation = conversations.asked("When?")
    assert (last(conversation).state, last(conversation).text) == ("failed", "It ")
    assert str(last(conversation).message) == message
    conversations.ask = instant
    conversation.ask("Again?", "small")
    until(lambda: last(conversation).state == "answered")


def test_the_interface_language_and_the_form_reach_the_library_when_a_question_is_asked_again_too(
    tmp_path: Path,
) -> None:
    given = []

    def ask(*asked: Any) -> Iterator[Event]:
        given.append(asked[4:6])
        return instant(*asked[:4])

    conversations = Conversations(tmp_path / "conversations.sqlite", Answers(ask))
    conversation = conversations.new()
    conversation.ask("ASEAN 2025?", "small", interface_language="fr")
    until(lambda: not conversation.running)
    for asked in ({"do": "ask"}, {"do": "ask", "form": "timeline"}, {"do": "ask"}):
        act(conversation, last(conversation), asked)
        until(lambda: not conversation.running)
    conversations.close()
    assert given == [("fr", ""), ("fr", ""), ("fr", "timeline"), ("fr", "timeline")]


def test_a_stream_that_just_ends_has_failed(conversations: ScriptedConversations) -> None:
    conversations.ask = lambda *_: iter([Token("It ")])
    assert last(conversations.asked("When?")).state == "failed"


def test_only_the_last_finished_turns_are_history(conversations: ScriptedConversations) -> None:
    told: list[list[tuple[str, str]]] = []
    ends: list[Callable[..., Event]] = [
        Answered,
        NotFound,
        lambda a: Failed(verbatim("x"), a),
        Answered,
        Answered,
    ]

    def ask(question: str, history: list[object], *_: object) -> Iterator[Event]:
        told.append([(turn.question, turn.answer) for turn in history])  # type: ignore[attr-defined]
        end = ends[len(told) - 1]
        yield end(answer("a", outcome="not_found" if end is NotFound else "answered"))

    conversations.ask = ask
    conversations.asked("q0", "q1", "q2", "q3", "q4")
    assert told[4] == [("q1", ""), ("q2", ""), ("q3", "a")], "what found nothing has no answer to lean on"


def test_a_model_that_goes_away_after_its_answer_leaves_the_answer(
    conversations: ScriptedConversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, broken = threading.Event(), []

    def gone(_: str) -> str:
        tried.set()
        raise ModelMissing("model_gone", name="small")

    conversations.identify = gone
    monkeypatch.setattr(threading, "excepthook", broken.append)
    conversation = conversations.asked("When?")
    assert tried.wait(5)
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "answer"])
    assert (last(conversation).state, last(conversation).digest, broken) == ("answered", "", [])


def test_text_that_is_not_unicode_is_kept_mended() -> None:
    broken = Exchange(id="x", question="\ud83d?", model="m", text="a \ud83d\udea2")
    kept = from_json(to_json(broken))
    assert (kept.question, kept.text) == ("\ufffd?", "a 🚢")


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("  When did\nit open? ", "When did it open?"),
        ("word " * 30, "word " * 13 + "word…"),
        ("谁" * 100, "谁" * 72 + "…"),
    ],
)
def test_a_title_is_made_of_the_first_question(question: str, title: str) -> None:
    assert title_of(question) == title


def test_greetings_and_questions_about_the_library_are_no_context_of_the_next(
    conversations: ScriptedConversations,
) -> None:
    conversation = conversations.asked("When did it open?")
    conversations.ask = lambda *_: iter([Answered(answer("Hello!", kind="greeting"))])
    conversation.ask("hello", "small")
    until(lambda: not conversation.running)
    conversations.ask = lambda *_: iter([Answered(answer("5 articles", kind="library"))])
    conversation.ask("How many articles are there?", "small")
    until(lambda: not conversation.running)
    conversations.ask = instant
    conversation.ask("And why?", "small")
    until(lambda: not conversation.running)
    assert last(conversation).text == "And why?! after ['When did it open?']"
