"""Extractive fallback: where an answer is not confirmed, a passage's own words are asked for, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from answering_examples import QUESTION, confidence
from examples import Knowing

from rag.answering.answerability import Answerability
from rag.answering.budget import Budgets
from rag.answering.confidence import Confidence
from rag.answering.pipeline import AnswerPipeline
from rag.answering.query import Request
from rag.answering.question_entities import QuestionEntities
from rag.answering.verifier import Verifier
from rag.conversations.exchange import Exchange
from rag.errors import Interrupted
from rag.events import (
    Answered,
    Checked,
    Event,
    Judged,
    Prompted,
    Rereading,
    Retrieved,
    Rewritten,
    Token,
    Unconfirmed,
)
from rag.llm.generator import ChatMessage, Done, Piece, Text
from rag.retrieval.retriever import Retriever
from rag.retrieval.spelling import Spelling
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted
from rag.types import Filters

COST = "The works cost 42 million crowns."
INVENTED = "Zebras graze on Mars since 1714."
BY_LOG_PROBS = confidence()
SURE, UNSURE = (-0.1,) * 4, (-1.9,) * 4


class Copyist(Scripted):
    """Invents an answer, and copies when it is asked to; as sure of both as it is told."""

    def __init__(self, answer: str, copied: str | Exception, chances: Sequence[float] = SURE) -> None:
        super().__init__()
        self.said, self.chances, self.longest = [answer, copied], chances, list[int]()

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        self.asked.append(messages)
        self.longest.append(max_tokens)
        said = self.said["Copy, word for word" in messages[-1].content]
        if isinstance(said, Exception):
            raise said
        yield Text(said)
        yield Done(prompt_tokens=10, logprobs=tuple(self.chances), cut=said.endswith(" every"))


@pytest.fixture
def ask(indexed: Store, embedder: HashEmbedder):
    retriever = Retriever(indexed, embedder)
    budgets = Budgets(passages=3, prompt_tokens=400, answer_tokens=300, context=4096)
    evidence = Answerability(Knowing({"": 0.5}))
    entities, verifier = QuestionEntities(indexed, retriever), Verifier(retriever)

    def run(
        generator: Scripted,
        language: str = "en",
        question: str = QUESTION,
        filters: Filters = Filters(),
        judge: Confidence | None = BY_LOG_PROBS,
    ) -> list[Event]:
        parts = retriever, entities, evidence, verifier, budgets, Spelling(indexed)
        request = Request(question, language, "scripted", filters=filters)
        return list(AnswerPipeline(*parts, lambda _: generator, judge).answer(request))

    return run


def test_the_passages_own_words_take_an_inventions_place(ask) -> None:
    copyist = Copyist(INVENTED, COST)
    events = ask(copyist)
    assert [type(event) for event in events] == [
        *(Retrieved, Prompted, Token),
        *(Rereading, Prompted, Rereading),
        *(Judged, Rewritten, Checked, Answered),
    ]
    answer = events[-1].answer
    assert answer.text == f"{COST} [1]"
    assert [sentence.support for sentence in answer.sentences] == ["supported"]
    first, second = copyist.asked
    assert (
        first[0] == second[0] and first[1].content[:200] == second[1].content[:200]
    )  # for the engine's cache
    assert copyist.longest == [300, 60]


def test_the_page_forgets_what_does_not_stand_while_it_looks_again(ask) -> None:
    shown = Exchange(id="e", question=QUESTION, model="scripted")
    states = []
    for event in ask(Copyist(INVENTED, COST)):
        shown = shown.after(event)
        states.append((shown.state, INVENTED in shown.text))
    assert ("writing", True) in states
    assert states[states.index(("writing", True)) + 1] == ("reading", False)
    assert shown.state == "answered" and shown.text == f"{COST} [1]"


def test_a_quotation_that_was_cut_is_whole_and_nothing_is_said_of_a_cut(ask) -> None:
    said = "Harbour master Ida Brandt said that forty ships are expected every week."
    answer = ask(
        Copyist(INVENTED, said.removesuffix(" week.")),
        question="How many ships does the harbour master expect every week?",
    )[-1].answer
    assert answer.text == f"{said} [1]" and answer.warnings == ()


def test_a_second_invention_is_never_shown(ask) -> None:
    events = ask(Copyist(INVENTED, "Lions swim since 1803."))
    assert not any("Lions" in getattr(event, "text", "") for event in events)
    assert [type(event) for event in events[-3:]] == [Prompted, Rereading, Unconfirmed]


def test_an_answer_that_stands_is_not_asked_for_again(ask) -> None:
    copyist = Copyist(COST, "Never.")
    assert isinstance(ask(copyist)[-1], Answered)
    assert len(copyist.asked) == 1


def test_where_the_second_does_not_stand_either_the_first_is_what_is_set_apart(ask) -> None:
    (*_, end) = ask(Copyist(INVENTED, "Lions swim since 1803."))
    assert isinstance(end, Unconfirmed)
    assert [sentence.text for sentence in end.answer.sentences] == [INVENTED]


def test_a_copy_must_be_as_likely_as_an_answer(ask) -> None:
    cost = "42 million"
    for first, copy in ((cost, "Never."), ("1714", cost)):
        assert isinstance(ask(Copyist(first, copy, SURE), language="fr")[-1], Answered)
        assert isinstance(ask(Copyist(first, copy, UNSURE), language="fr")[-1], Unconfirmed)


def test_where_neither_is_likely_the_first_is_shown_with_its_probability(ask) -> None:
    (*events, end) = ask(Copyist("42 million", COST, UNSURE), language="fr")
    first, second = [event for event in events if isinstance(event, Judged)]
    assert [one.text for one in end.answer.sentences] == ["42 million"]
    assert end.answer.confidence == first.probability < 0.5
    assert second.probability < 0.5


def test_a_model_that_reports_no_probabilities_is_asked_again_too(ask) -> None:
    copyist = Copyist(INVENTED, COST, chances=())
    (judged,) = [event for event in ask(copyist) if isinstance(event, Judged)]
    assert len(copyist.asked) == 2 and judged.log_prob is None


def test_a_larger_model_and_one_that_cannot_be_judged_are_asked_once(ask) -> None:
    large, other = Copyist(INVENTED, COST), Copyist(INVENTED, COST)
    large.model = replace(large.model, parameters="8B")
    assert isinstance(ask(large)[-1], Unconfirmed)
    assert isinstance(ask(other, judge=None)[-1], Unconfirmed)
    assert len(large.asked) == len(other.asked) == 1


def test_passages_in_the_questions_own_language_are_asked_once(ask) -> None:
    copyist = Copyist(INVENTED, COST)
    assert isinstance(ask(copyist, filters=Filters(languages=("en",)))[-1], Unconfirmed)
    assert len(copyist.asked) == 1


def test_the_words_of_an_article_in_another_language_are_named_so(ask) -> None:
    answer = ask(Copyist("Зебры пасутся на Марсе с 1714 года.", COST), language="ru")[-1].answer
    assert answer.found and answer.text == f"В статье сказано: «{COST}» [1]"


def test_an_engine_that_breaks_off_is_named_and_what_it_wrote_first_is_kept(ask) -> None:
    (*_, end) = ask(Copyist(INVENTED, Interrupted("It broke off.")))
    assert str(end.message) == "It broke off."
    assert end.answer.text == INVENTED
    assert [sentence.support for sentence in end.answer.sentences] == ["unsupported"]
