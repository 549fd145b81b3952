"""Numbers that the model copied wrong."""

from __future__ import annotations

import pytest

from rag.answering.number_repair import repair_numbers


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
    assert repair_numbers(written, language, [(passage, "en")]) == right


@pytest.mark.parametrize(
    ("language", "written", "other", "passage", "right"),
    [
        ("vi", "Mục tiêu là 250 tỷ USD.", "zh", "双边贸易额提高到250亿美元。", "Mục tiêu là 25 tỷ USD."),
        ("vi", "Có 12,5 triệu người.", "zh", "约有12.5万人。", "Có 125\u202f000 người."),
        ("en", "Some 200 million people.", "zh", "约有200万人。", "Some 2 million people."),
        ("fr", "Elle vise 150 billion dollars.", "en", "It aims at 150 billion dollars.", "Elle vise 150 milliards de dollars."),
        ("fr", "Elle vise 150 billion $.", "en", "It aims at $150 billion.", "Elle vise 150 milliards $."),
        ("zh", "投资1.2亿欧元。", "fr", "Elle investit 1,2 milliard d'euros.", "投资12亿欧元。"),
        ("ru", "Это 3 млн долларов.", "vi", "Khoảng 3 tỷ đô la.", "Это 3 млрд долларов."),
    ],
)  # fmt: skip
def test_an_amount_with_the_wrong_scale_is_as_the_passage_has_it(
    language: str, written: str, other: str, passage: str, right: str
) -> None:
    assert repair_numbers(written, language, [(passage, other)]) == right


@pytest.mark.parametrize(
    ("written", "passages"),
    [
        ("It is 250 billion.", [("金额为250亿美元。", "zh"), ("It was 250 billion.", "en")]),  # one says so
        ("It is 250 billion.", [("金额为250亿美元。", "zh"), ("人口250万。", "zh")]),  # which is meant?
        ("It is 251 billion.", [("金额为250亿美元。", "zh")]),
        ("In 2019 it was 250.", [("金额为250亿美元。", "zh")]),
    ],
)
def test_an_amount_that_may_be_right_or_is_another_stays(
    written: str, passages: list[tuple[str, str]]
) -> None:
    assert repair_numbers(written, "en", passages) == written
