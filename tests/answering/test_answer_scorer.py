from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from rag.answering.answer_scorer import AnswerScorer, cover, load_weights
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.token_states import TokenStateReader, TokenStates
from rag.settings import Settings

HARBOUR = (
    "The port of Lervik opened its second quay in May 2017. It cost 48 million crowns, and the mayor, "
    "Signe Dahl, cut the ribbon before four hundred guests."
)


def no_tokens(texts: Sequence[str], question: bool) -> list[TokenStates]:
    return [TokenStates(np.zeros((3, 0, 384), np.float32), []) for _ in texts]


def test_a_cosine_fades_with_each_token_between() -> None:
    cosines = np.array([[0.9, 0.1, 0.1, 0.2]], np.float32)
    np.testing.assert_allclose(cover(cosines, 0.25), [[0.9, 0.65, 0.4, 0.2]], atol=1e-6)
    np.testing.assert_allclose(cover(cosines, 0.0), [[0.9, 0.9, 0.9, 0.9]], atol=1e-6)


def test_a_cosine_counts_before_its_place_too() -> None:
    cosines = np.array([[0.1, 0.1, 0.9]], np.float32)
    np.testing.assert_allclose(cover(cosines, 0.1), [[0.7, 0.8, 0.9]], atol=1e-6)


def test_nothing_answers_where_nothing_is_said() -> None:
    assert AnswerScorer(no_tokens).score("Who came?", "en", []) == []
    assert AnswerScorer(no_tokens).score("Who came?", "en", [("", "en")]) == [0.0]


def test_every_weight_is_a_number() -> None:
    assert all(np.isfinite(weight).all() for weight in load_weights().values())


@pytest.fixture(scope="module")
def score() -> Callable[..., float]:
    settings = Settings.load()
    folder = settings.models / "multilingual-e5-small"
    if not folder.is_dir():
        pytest.skip("the embedding model is not on this machine")
    evidence = AnswerScorer(TokenStateReader(OnnxEmbedder(folder, 1)))

    def chance(question: str, answer: str = "", language: str = "en") -> float:
        return evidence.score(question, language, [(HARBOUR, "en")], answer)[0]

    return chance


@pytest.mark.parametrize(
    ("question", "right", "invented"),
    [
        ("How much did the second quay of Lervik cost?", "It cost 48 million crowns.", "It cost 3 billion."),
        ("Who is the mayor of Lervik?", "The mayor is Signe Dahl.", "The mayor is Peter Holm."),
        ("When did the second quay open?", "It opened in May 2017.", "It opened in 1964."),
    ],
)
def test_an_answer_of_the_passage_is_likelier_than_an_invented_one(
    score: Callable[..., float], question: str, right: str, invented: str
) -> None:
    assert score(question, right) > 1.2 * score(question, invented)


def test_an_answer_in_another_language_is_found(score: Callable[..., float]) -> None:
    question = "Combien le deuxième quai de Lervik a-t-il coûté ?"
    assert score(question, "48 millions de couronnes.", "fr") > score(question, "Trois mille ans.", "fr")


def test_what_stands_there_about_something_else_does_not_answer(score: Callable[..., float]) -> None:
    told = score("How much did the second quay cost?", "48 million crowns.")
    assert told > 2 * score("In which year was Signe Dahl born?", "She was born in 2017.")


def test_an_answer_that_only_repeats_the_question_is_none(score: Callable[..., float]) -> None:
    assert score("Who is the mayor of Lervik?", "The mayor of Lervik is the mayor.") == 0.0
