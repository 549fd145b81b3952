from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.edit_distance import edit_distance

WORDS = st.text("abcв", max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("lavrov", "lavrov", 0),
        ("lavrvo", "lavrov", 1),
        ("lavov", "lavrov", 1),
        ("lavrrov", "lavrov", 1),
        ("lawrov", "lavrov", 1),
        ("шойуг", "шойгу", 1),
        ("kitten", "sitting", 3),
        ("", "abc", 3),
    ],
)
def test_known_distances(one: str, other: str, edits: int) -> None:
    assert edit_distance(one, other) == edits


@given(WORDS, WORDS)
def test_it_is_a_symmetric_count_within_the_longer_word(one: str, other: str) -> None:
    edits = edit_distance(one, other)
    assert edits == edit_distance(other, one)
    assert abs(len(one) - len(other)) <= edits <= max(len(one), len(other))
    assert (edits == 0) == (one == other)
