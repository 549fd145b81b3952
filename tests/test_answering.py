from __future__ import annotations

from pathlib import Path

import pytest
from examples import HashEmbedder, Scripted

from rag.answering import Answering, Budget
from rag.documents import Answered, Checked, Event, Failed, NotFound, Retrieved, Thinking, Token
from rag.errors import Interrupted, ModelMissing
from rag.generating import Done, Thought
from rag.ingesting import Ingestion
from rag.retrieving import Retriever
from rag.store import Store

QUESTION = "What did the works in the harbour of Kestrel Bay cost?"


@pytest.fixture
def ask(store: Store, embedder: HashEmbedder, articles: Path):
    Ingestion(store, embedder).run([articles])
    budget = Budget(passages=3, prompt_tokens=400, answer_tokens=100)
    answering = Answering(Retriever(store, embedder), budget)

    def run(generator: Scripted, question: str = QUESTION, language: str = "en") -> list[Event]:
        return list(answering.answer(question, language, "scripted", lambda _: generator))

    return run


def test_the_passages_come_first_then_words_then_the_checked_end(ask) -> None:
    events = ask(Scripted("The works cost ", "42 million crowns [", "1]."))
    assert [type(event) for event in events] == [Retrieved, Token, Token, Token, Checked, Answered]
    answer = events[-1].answer
    assert answer.text == "The works cost 42 million crowns. [1]"
    assert answer.hits == events[0].hits
    assert "42 million" in answer.hits[0].passage.text
    assert answer.sentences[0].support == "supported"
    assert answer.prompt_tokens == 10
    assert answer.timings.retrieve_ms <= answer.timings.first_token_ms <= answer.timings.total_ms


def test_what_the_reader_saw_while_it_streamed_holds_no_unknown_mark(ask) -> None:
    events = ask(Scripted("It cost 42 million [", "9", "] crowns 【1", "】."))
    streamed = "".join(event.text for event in events if isinstance(event, Token))
    assert streamed == "It cost 42 million crowns [1]."


def test_thoughts_are_kept_apart_from_the_answer(ask) -> None:
    events = ask(Scripted(Thought("Let me see [1]. "), Thought("Yes."), "The works cost 42 million [1]."))
    assert [event.text for event in events if isinstance(event, Thinking)] == ["Let me see [1]. ", "Yes."]
    assert events[-1].answer.thinking == "Let me see [1]. Yes."
    assert "Let me" not in events[-1].answer.text


def test_a_model_that_fails_in_the_middle_leaves_what_it_wrote(ask) -> None:
    events = ask(Scripted("The works cost 42 million [1]. The", Interrupted("The engine broke off.")))
    assert isinstance(events[-1], Failed)
    assert events[-1].message == "The engine broke off."
    assert events[-1].answer.text.startswith("The works cost 42 million. [1]")
    assert events[-1].answer.interrupted


def test_a_model_that_is_gone_fails_with_its_message(ask, store: Store, embedder: HashEmbedder) -> None:
    def gone(_: str) -> Scripted:
        raise ModelMissing("The model is no longer there.")

    budget = Budget(passages=3, prompt_tokens=400, answer_tokens=100)
    events = list(Answering(Retriever(store, embedder), budget).answer(QUESTION, "en", "x", gone))
    assert isinstance(events[0], Retrieved)
    assert events[-1].message == "The model is no longer there."


def test_an_answer_that_no_passage_says_is_not_an_answer(ask) -> None:
    events = ask(Scripted("Zebras migrate every 77 days."))
    assert isinstance(events[-1], NotFound)
    assert not events[-1].answer.found
    assert events[-1].answer.hits, "the closest passages are shown"


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "articles"), ("zh", "文章"), ("vi", "bài viết"), ("ru", "статьях")]
)
def test_not_found_is_said_in_the_language_of_the_question(ask, language: str, word: str) -> None:
    events = ask(Scripted("Zebras migrate every 77 days."), language=language)
    assert word in events[-1].answer.text


def test_nothing_near_is_not_even_asked_of_the_model(ask) -> None:
    generator = Scripted("Anything [1].")
    events = ask(generator, question="zzz qqq xxx")
    assert isinstance(events[-1], NotFound)
    assert generator.asked == []


def test_closing_the_answer_stops_the_model(store: Store, embedder: HashEmbedder, articles: Path) -> None:
    Ingestion(store, embedder).run([articles])
    generator = Scripted("one ", "two ", "three ")
    budget = Budget(passages=3, prompt_tokens=400, answer_tokens=100)
    events = Answering(Retriever(store, embedder), budget).answer(QUESTION, "en", "x", lambda _: generator)
    for event in events:
        if isinstance(event, Token):
            break
    events.close()
    assert generator.closed


def test_a_cut_answer_or_prompt_is_said(ask) -> None:
    events = ask(Scripted("The works cost 42 million [1].", Done(prompt_tokens=5, cut=True, prompt_cut=True)))
    assert len(events[-1].answer.warnings) == 2


def test_a_model_that_repeats_itself_is_stopped(ask) -> None:
    generator = Scripted("The works cost 42 million. ", *["Here is the answer: "] * 50)
    (*_, end) = ask(generator)
    assert end.answer.text.count("Here is the answer") == 1
    assert any("repeat" in warning for warning in end.answer.warnings)
    assert generator.closed
