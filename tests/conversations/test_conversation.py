"""Conversations: answers grow in threads of their own; versions; what is told of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conversing import Shelf, Slow, instant, last, until
from ui_examples import answer, hit

from rag.answering.translation import translate
from rag.conversations import Conversations, Exchange, Rating
from rag.conversations.conversation import Answers
from rag.conversations.exchange import from_json, to_json
from rag.conversations.summaries import title_of
from rag.errors import EngineUnavailable, ModelMissing
from rag.events import Answered, Event, Failed, Loading, NotFound, Thinking, Token
from rag.locales.message import Message, verbatim
from rag.testing import Scripted
from rag.types import Filters
from rag.ui.answer_actions import act


def test_an_answer_grows_while_nobody_looks(shelf: Shelf) -> None:
    shelf.ask = ask = Slow()
    conversation = shelf.new()
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


def test_stopping_keeps_what_was_written_at_once_and_ends_the_generation(shelf: Shelf) -> None:
    shelf.ask = ask = Slow()
    conversation = shelf.new()
    conversation.ask("When?", "small")
    ask.go.release()
    until(lambda: last(conversation).text == "It ")
    conversation.stop()
    assert (last(conversation).state, last(conversation).text) == ("stopped", "It ")
    ask.go.release(2)
    assert ask.closed.wait(5)
    assert (last(conversation).state, last(conversation).text) == ("stopped", "It ")


def test_a_question_waits_for_the_answer_before_it_and_leans_on_it(shelf: Shelf) -> None:
    shelf.ask = ask = Slow()
    conversation = shelf.new()
    conversation.ask("When?", "small")
    until(lambda: last(conversation).state == "reading")
    shelf.ask = instant
    conversation.ask("Where?", "small")
    conversation.ask("Why?", "small")
    assert [e.state for e in conversation.exchanges] == ["reading", "waiting", "waiting"]
    ask.go.release(3)
    until(lambda: not conversation.running)
    assert [e.state for e in conversation.exchanges] == ["answered"] * 3
    assert last(conversation).text == "Why?! after ['When?', 'Where?']"


def test_a_question_that_waits_can_be_stopped(shelf: Shelf) -> None:
    shelf.ask = ask = Slow()
    conversation = shelf.new()
    conversation.ask("When?", "small")
    waiting = conversation.ask("Where?", "small")
    conversation.stop(waiting)
    ask.go.release(3)
    until(lambda: not conversation.running)
    assert [e.state for e in conversation.exchanges] == ["answered", "stopped"]


def test_stopping_a_finished_answer_changes_nothing(shelf: Shelf) -> None:
    conversation = shelf.asked("When?")
    conversation.stop()
    assert last(conversation).state == "answered"


UNEXPECTED = str(Message.of("unexpected"))


@pytest.mark.parametrize(
    ("error", "message"),
    [(EngineUnavailable("Ollama is away."), "Ollama is away."), (RuntimeError("secret"), UNEXPECTED)],
)
def test_an_error_is_told_and_the_next_question_works(shelf: Shelf, error: Exception, message: str) -> None:
    def broken(*_: object) -> Iterator[Event]:
        yield Token("It ")
        raise error

    shelf.ask = broken
    conversation = shelf.asked("When?")
    assert (last(conversation).state, last(conversation).text) == ("failed", "It ")
    assert str(last(conversation).message) == message
    shelf.ask = instant
    conversation.ask("Again?", "small")
    until(lambda: last(conversation).state == "answered")


def test_the_interface_language_and_the_form_reach_the_library_when_a_question_is_asked_again_too(
    tmp_path: Path,
) -> None:
    given = []

    def ask(*asked: Any) -> Iterator[Event]:
        given.append(asked[4:6])
        return instant(*asked[:4])

    shelf = Conversations(tmp_path / "conversations.sqlite", Answers(ask))
    conversation = shelf.new()
    conversation.ask("ASEAN 2025?", "small", interface_language="fr")
    until(lambda: not conversation.running)
    for asked in ({"do": "ask"}, {"do": "ask", "form": "timeline"}, {"do": "ask"}):
        act(conversation, last(conversation), asked)
        until(lambda: not conversation.running)
    shelf.close()
    assert given == [("fr", ""), ("fr", ""), ("fr", "timeline"), ("fr", "timeline")]


def test_a_stream_that_just_ends_has_failed(shelf: Shelf) -> None:
    shelf.ask = lambda *_: iter([Token("It ")])
    assert last(shelf.asked("When?")).state == "failed"


def test_only_the_last_finished_turns_are_history(shelf: Shelf) -> None:
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

    shelf.ask = ask
    shelf.asked("q0", "q1", "q2", "q3", "q4")
    assert told[4] == [("q1", ""), ("q2", ""), ("q3", "a")], "what found nothing has no answer to lean on"


def test_an_edited_question_begins_a_branch_and_the_old_one_can_be_gone_back_to(shelf: Shelf) -> None:
    conversation = shelf.asked("When?", "Where?")
    first, _ = conversation.exchanges
    edited = conversation.ask("Who?", "small", instead=first.id)
    until(lambda: not conversation.running)
    assert [e.question for e in conversation.exchanges] == ["Who?"]
    assert conversation.versions(edited) == [first.id, edited]
    conversation.choose(first.id)
    assert [e.question for e in conversation.exchanges] == ["When?", "Where?"]


def test_answering_again_leans_on_what_came_before_and_keeps_the_old_answer(shelf: Shelf) -> None:
    conversation = shelf.asked("When?", "Where?")
    _, second = conversation.exchanges
    again = conversation.ask("Where?", "other", instead=second.id)
    until(lambda: not conversation.running)
    assert (last(conversation).id, last(conversation).model) == (again, "small"), "the answer names its model"
    assert last(conversation).text == "Where?! after ['When?']"
    assert conversation.exchange(second.id) == second


def test_another_model_that_answers_again_does_not_answer_what_follows(shelf: Shelf) -> None:
    conversation = shelf.asked("When?")
    (first,) = conversation.exchanges
    shelf.ask = Slow()  # an answer that has ended names the model of these tests
    conversation.ask("When?", "other", instead=first.id)
    assert (last(conversation).model, conversation.model) == ("other", "small")
    conversation.stop()


def test_a_later_answer_goes_on_while_an_earlier_question_is_edited(shelf: Shelf) -> None:
    conversation = shelf.asked("When?")
    shelf.ask = ask = Slow()
    later = conversation.ask("Where?", "small")
    until(lambda: last(conversation).state == "reading")
    shelf.ask = instant
    conversation.ask("Who?", "small", instead=conversation.exchanges[0].id)
    ask.go.release(3)
    until(lambda: not conversation.busy)
    there = conversation.exchange(later)
    assert there is not None and there.state == "answered"


def test_answering_again_stops_the_answer_that_it_stands_in_for(shelf: Shelf) -> None:
    shelf.ask = ask = Slow()
    conversation = shelf.new()
    old = conversation.ask("When?", "small")
    ask.go.release()
    until(lambda: last(conversation).text == "It ")
    shelf.ask = instant
    conversation.ask("When?", "small", instead=old)
    ask.go.release()
    until(lambda: not conversation.running)
    stopped = conversation.exchange(old)
    assert stopped is not None and (stopped.state, stopped.text) == ("stopped", "It ")
    assert last(conversation).state == "answered"


def test_an_exchange_keeps_what_is_needed_to_ask_again(shelf: Shelf) -> None:
    filters = Filters(languages=("fr",))
    conversation = shelf.new()
    conversation.ask("When?", "small", filters)
    until(lambda: last(conversation).digest != "")
    asked = last(conversation)
    assert (asked.question, asked.filters, asked.model) == ("When?", filters, "small")
    assert asked.prompt == (("user", "When?"),) and asked.options == {"answer_tokens": 200}
    assert asked.digest == "sha-small" and asked.timings is not None and asked.hits[0].passage.text
    assert from_json(to_json(asked)) == asked


def test_a_model_that_goes_away_after_its_answer_leaves_the_answer(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, broken = threading.Event(), []

    def gone(_: str) -> str:
        tried.set()
        raise ModelMissing("model_gone", name="small")

    shelf.identify = gone
    monkeypatch.setattr(threading, "excepthook", broken.append)
    conversation = shelf.asked("When?")
    assert tried.wait(5)
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "answer"])
    assert (last(conversation).state, last(conversation).digest, broken) == ("answered", "", [])


def test_text_that_is_not_unicode_is_kept_mended() -> None:
    broken = Exchange(id="x", question="\ud83d?", model="m", text="a \ud83d\udea2")
    kept = from_json(to_json(broken))
    assert (kept.question, kept.text) == ("\ufffd?", "a 🚢")


def test_ratings_and_translations_belong_to_the_exchange(shelf: Shelf) -> None:
    conversation = shelf.asked("When?")
    id = last(conversation).id
    conversation.rate(id, Rating(good=False, reasons=("wrong",), note="It was May."))
    conversation.translate(id, 1, "fr", "small")
    until(lambda: not last(conversation).translation(1, "fr").running)
    assert last(conversation).rating == Rating(good=False, reasons=("wrong",), note="It was May.")
    assert [(t.text, t.model) for t in last(conversation).translations] == [("Un quai.", "small")]
    conversation.rate(id, None)
    assert last(conversation).rating is None


def test_a_translation_is_stopped_and_done_again(shelf: Shelf) -> None:
    conversation, go = shelf.asked("When?"), threading.Semaphore(0)
    id = last(conversation).id

    def slow(text: str, language: str, model: str) -> Iterator[str]:
        for word in ("Un ", "quai", "."):
            assert go.acquire(timeout=5)
            yield word

    shelf.translate = slow
    conversation.translate(id, 1, "fr", "small")
    go.release()
    until(lambda: last(conversation).translation(1, "fr").text == "Un ")
    conversation.stop_translating()
    assert (now := last(conversation).translation(1, "fr")) and now.stopped and not now.running
    go.release(9)
    conversation.translate(id, 1, "fr", "other")
    until(lambda: not last(conversation).translation(1, "fr").running)
    (there,) = last(conversation).translations
    assert (there.text, there.model, there.stopped) == ("Un quai.", "other", False)


def test_a_translation_that_fails_says_why(shelf: Shelf) -> None:
    conversation = shelf.asked("When?")

    def failing(text: str, language: str, model: str) -> Iterator[str]:
        yield "Un "
        raise ModelMissing("The model is gone.")

    shelf.translate = failing
    conversation.translate(last(conversation).id, 1, "fr", "small")
    until(lambda: not last(conversation).translation(1, "fr").running)
    (there,) = last(conversation).translations
    assert (there.text, str(there.failure)) == ("Un ", "The model is gone.")


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


def test_greetings_and_questions_about_the_library_are_no_context_of_the_next(shelf: Shelf) -> None:
    conversation = shelf.asked("When did it open?")
    shelf.ask = lambda *_: iter([Answered(answer("Hello!", kind="greeting"))])
    conversation.ask("hello", "small")
    until(lambda: not conversation.running)
    shelf.ask = lambda *_: iter([Answered(answer("5 articles", kind="library"))])
    conversation.ask("How many articles are there?", "small")
    until(lambda: not conversation.running)
    shelf.ask = instant
    conversation.ask("And why?", "small")
    until(lambda: not conversation.running)
    assert last(conversation).text == "And why?! after ['When did it open?']"


def test_a_translation_that_drops_a_figure_or_changes_a_date_names_it(shelf: Shelf) -> None:
    passage = replace(
        hit().passage, text="In May 2024 the quay cost 42 million crowns. Then rain came.", end=60
    )
    told = replace(answer(), hits=(replace(hit(), passage=passage),))
    shelf.ask = lambda *_: iter([Answered(told)])
    conversation = shelf.asked("When?")
    model = Scripted("En mai 2023 le quai a coûté des millions de couronnes. ", "Puis la pluie est venue.")
    shelf.translate = lambda text, language, _: translate(text, language, model)
    conversation.translate(last(conversation).id, 1, "fr", "small")
    until(lambda: not last(conversation).translation(1, "fr").running)
    (there,) = last(conversation).translations
    assert there.discrepancies
    (found,) = there.discrepancies
    assert there.text[found.start : found.end] == "En mai 2023 le quai a coûté des millions de couronnes."
    assert "2024" in found.missing and any("42" in value for value in found.missing)
    assert found.added == ("2023",)
    assert from_json(to_json(last(conversation))).translations == (there,)
