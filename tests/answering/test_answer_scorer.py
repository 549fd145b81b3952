from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from rag.answering.answer_scorer import AnswerScorer, coverage, load_weights
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
    np.testing.assert_allclose(coverage(cosines, 0.25), [[0.9, 0.65, 0.4, 0.2]], atol=1e-6)
    np.testing.assert_allclose(coverage(cosines, 0.0), [[0.9, 0.9, 0.9, 0.9]], atol=1e-6)


def test_a_cosine_counts_before_its_place_too() -> None:
    cosines = np.array([[0.1, 0.1, 0.9]], np.float32)
    np.testing.assert_allclose(coverage(cosines, 0.1), [[0.7, 0.8, 0.9]], atol=1e-6)


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

    def chance(question: str) -> float:
        return evidence.score(question, "en", [(HARBOUR, "en")])[0]

    return chance


@pytest.mark.parametrize(
    ("answered", "not_answered"),
    [
        ("How much did the second quay cost?", "Who designed the lighthouse?"),
        ("Who is the mayor of Lervik?", "In which year was Signe Dahl born?"),
    ],
)
def test_what_a_passage_answers_is_likelier_than_what_it_only_touches(
    score: Callable[..., float], answered: str, not_answered: str
) -> None:
    assert score(answered) > 1.2 * score(not_answered)
