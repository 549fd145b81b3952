from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from examples import BRIDGE, HARBOUR, LIBRARY

from rag.errors import NothingThere
from rag.retrieval.explanation import Explainer, Explanation
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters

QUESTION = "Who is the harbour master?"


MEADOW = "The meadow above the town\n\nCows graze there from spring to autumn."
PIERS = {f"pier-{n}": f"Pier {n}\n\nThe harbour master spoke of pier {n} in the harbour." for n in range(60)}


@pytest.fixture(scope="module")
def explainer(index: Callable[..., Store]) -> Explainer:
    store = index(harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE, meadow=MEADOW, **PIERS)
    return Explainer(store, Retriever(store, HashEmbedder()))


def explain(
    explainer: Explainer, article: str, k: int = 5, question: str = QUESTION, filters: Filters = Filters()
) -> Explanation:
    return explainer.explain(question, article, k, language="en", filters=filters)


def test_an_article_that_is_found_went_through_every_step(explainer: Explainer) -> None:
    # by its name: Chroma can lose one of many vectors that hardly differ
    explanation = explain(explainer, "harbour.txt", k=200, question="Who is the harbour master, Ida Brandt?")
    assert explanation.lost_at is None
    assert [step.name for step in explanation.steps] == [
        "library", "vectors", "filters", "candidates", "ranking", "result",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "seen"),
    [(Filters(languages=("fr",)), "language en"), (Filters(since=date(2020, 1, 1)), "date unknown")],
)
def test_an_article_that_a_filter_hides_is_lost_there(
    explainer: Explainer, filters: Filters, seen: str
) -> None:
    explanation = explain(explainer, "harbour.txt", filters=filters)
    assert explanation.lost_at == "filters"
    assert seen in explanation.steps[-1].detail


def test_an_article_far_from_the_question_is_no_candidate(explainer: Explainer) -> None:
    assert explain(explainer, "meadow.txt").lost_at in {"candidates", "ranking"}


def test_an_article_behind_others_is_lost_in_the_ranking_or_the_result(explainer: Explainer) -> None:
    explanation = explain(explainer, "bridge.txt", k=1)
    assert explanation.lost_at in {"candidates", "ranking", "result"}


def test_an_article_whose_vectors_are_gone_is_lost_there(index: Callable[..., Store]) -> None:
    store = index(harbour=HARBOUR)
    (info,) = store.ledger.named("harbour.txt")
    numbers = [p.id for p in store.ledger.passages_of([info.id])]
    store.vectors.delete("en-0", numbers)
    explanation = explain(Explainer(store, Retriever(store, HashEmbedder())), info.id)
    assert explanation.lost_at == "vectors"
    assert "repair" in explanation.steps[-1].detail


def test_a_title_names_its_article_whatever_its_case(explainer: Explainer) -> None:
    assert explain(explainer, "THE HARBOUR OPENS").article.title == "The harbour opens again"


def test_an_article_that_is_not_there_or_not_clear_is_said_so(explainer: Explainer) -> None:
    with pytest.raises(NothingThere, match="No article"):
        explain(explainer, "nowhere.txt")
    with pytest.raises(NothingThere, match="several"):
        explain(explainer, "Pier 1")
