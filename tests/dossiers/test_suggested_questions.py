"""Suggested questions: only such that are answered, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_broad_answers import article

from rag.dossiers.broad_answers import BroadAnswers
from rag.dossiers.broad_questions import broad_question
from rag.dossiers.suggested_questions import SuggestedQuestions
from rag.events import Answered, Token
from rag.locales.catalogue import LOCALES
from rag.locales.message import Message, render
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters

ARTICLES = {
    "one": article(
        "Norway sends a ferry",
        "2024-07-01",
        "en",
        "Norway sent a ferry on 3 May 2024. The ferry from Norway arrived on 5 May 2024 with forty guests.",
    ),
    "two": article(
        "Fish from Norway",
        "2024-08-01",
        "en",
        "On 9 July 2024 Norway sold salmon worth 2 million euros. Norway will sell more fish on 1 August 2025.",
    ),
    "chad": article("A road in Chad", "2024-01-02", "en", "A road in Chad was closed. The road is long."),
}


@pytest.fixture(scope="module")
def store(index: Callable[..., Store]) -> Store:
    return index(**ARTICLES)


@pytest.fixture(scope="module")
def suggested(store: Store) -> SuggestedQuestions:
    return SuggestedQuestions(store, Retriever(store, HashEmbedder()), Path("/no/sample"))


def test_the_library_s_names_are_offered_where_they_are_answered(
    suggested: SuggestedQuestions, store: Store
) -> None:
    (question,) = suggested.of_library("en")
    answer = BroadAnswers(store, Retriever(store, HashEmbedder())).answer(question, "en")
    assert answer and answer.kind == "dossier"
    titles = {hit.article.title for hit in answer.hits}
    assert titles == {"Norway sends a ferry", "Fish from Norway"}, "one article on Chad is no dossier"


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("form", ["dossier", "timeline"])
def test_a_suggestion_is_understood_as_it_is_meant(language: str, form: str) -> None:
    asked = broad_question(render(Message.of(f"suggested_{form}", name="Canada"), language), language)
    assert asked and (asked.form, asked.subject) == (form, "Canada")


def test_an_answer_offers_its_history_and_not_what_was_asked(
    suggested: SuggestedQuestions, store: Store
) -> None:
    answers = BroadAnswers(store, Retriever(store, HashEmbedder()))
    answer = answers.answer("What do the articles say about Norway?", "en")
    assert answer
    event = suggested.added(Answered(answer), Filters())
    assert isinstance(event, Answered) and event.answer.offers == ("Timeline: Norway",)
    assert suggested.added(Token("so"), Filters()) == Token("so")
