from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import Candidates, fuse


def candidates(*rows: tuple[str, float, float]) -> Candidates:
    """From language, balanced cosine to the question, and share of its words."""
    near = np.array([near for _, near, _ in rows], np.float32)
    return Candidates(
        numbers=range(len(rows)),
        languages=np.array([language for language, _, _ in rows]),
        near=near,
        dense=near + 0.3,
        words=np.array([words for _, _, words in rows], np.float32),
    )


def order(found: Candidates) -> list[int]:
    return np.argsort(-fuse(found).total).tolist()


def test_words_decide_between_equally_near_passages_of_a_language() -> None:
    assert order(candidates(("en", 0.5, 0.1), ("en", 0.5, 0.6), ("en", 0.5, 0.3))) == [1, 2, 0]


def test_words_shared_with_the_questions_language_do_not_hide_a_nearer_passage_in_another() -> None:
    # the English passages share "minister" and "visit" with the question; the Chinese one answers it
    assert order(candidates(("en", 0.40, 0.3), ("en", 0.38, 0.3), ("zh", 0.55, 0.0)))[0] == 2


def test_a_name_found_in_one_language_lifts_its_passage_over_the_others_of_that_language() -> None:
    assert order(candidates(("zh", 0.45, 0.0), ("zh", 0.40, 0.5), ("en", 0.44, 0.0)))[0] == 1


def test_a_language_that_leads_everywhere_leaves_room_for_the_best_of_another() -> None:
    english = [("en", 0.60 - n / 1000, 0.0) for n in range(10)]
    places = order(candidates(*english, ("vi", 0.58, 0.0), ("vi", 0.30, 0.0)))
    assert places.index(10) < 6


@given(
    st.lists(
        st.tuples(st.sampled_from(["en", "zh", "vi"]), st.floats(-0.9, 0.9), st.floats(0, 1)),
        min_size=1,
        max_size=30,
    )
)
def test_the_parts_of_every_score_add_up(rows: list[tuple[str, float, float]]) -> None:
    found = candidates(*rows)
    scores = fuse(found)
    assert scores.total == pytest.approx(found.dense + scores.balance + scores.keyword, abs=1e-5)
    assert np.isfinite(scores.total).all()


def test_one_language_alone_keeps_the_order_of_its_evidence() -> None:
    rows = [("en", 0.1 + n / 20, (n % 3) / 10) for n in range(10)]
    evidence = [near + 1.2 * words for _, near, words in rows]
    assert order(candidates(*rows))[:3] == np.argsort(-np.array(evidence)).tolist()[:3]
