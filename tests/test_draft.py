"""An answer as it grows: numbers that the model wrote apart."""

from __future__ import annotations

import pytest

from rag.draft import joined


@pytest.mark.parametrize(
    ("language", "passage", "written", "right"),
    [
        ("en", "La frontière court sur 2 337 kilomètres.", "It is 2, 337 km long.", "It is 2,337 km long."),
        ("fr", "The border runs for 2,337 kilometres.", "Elle a 2, 337 km.", "Elle a 2\u202f337 km."),
        ("fr", "他跑完了2.5公里。", "Il a couru 2, 5 km.", "Il a couru 2,5 km."),
        ("en", "Of room 2, 337 people know.", "Of room 2, 337 people know.", "Of room 2, 337 people know."),
        ("en", "12 337 km, 2 3370 km.", "It is 2, 337 km long.", "It is 2, 337 km long."),
        (
            "en",
            "La frontière court sur 2 337 kilomètres.",
            "On page 12, 337 is named.",
            "On page 12, 337 is named.",
        ),
    ],
)
def test_a_number_of_a_passage_that_was_written_apart_is_one(
    language: str, passage: str, written: str, right: str
) -> None:
    assert joined(written, [passage], language) == right
