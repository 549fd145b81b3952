"""Languages of questions and articles, short and mixed ones included."""

from __future__ import annotations

import pytest
from reading_examples import BODY, TITLES

from rag.text.language import LANGUAGES, detect


@pytest.mark.parametrize("language", BODY)
def test_articles_and_their_titles(language: str) -> None:
    assert detect("\n".join(BODY[language])) == language
    assert detect(TITLES[language]) == language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Hello", "en"),
        ("Bonjour", "fr"),
        ("你好", "zh"),
        ("Xin chào", "vi"),
        ("Привет", "ru"),
        ("What does 越通社 mean?", "en"),
        ("Who is 李明?", "en"),
        ("What is ТАСС?", "en"),
        ("Who did Phạm Minh Chính meet in Hà Nội?", "en"),
        ("Phạm Minh Chính met the president in Hanoi", "en"),
        ("Phạm Minh Chính đã gặp ai ở Hà Nội?", "vi"),
        ("Де був міністр?", "uk"),
        ("Qui a rencontré le ministre Nguyễn Chí Vịnh ?", "fr"),
        ("越通社 là gì?", "vi"),
        ("VNA是什么?", "zh"),
        ("Nguyen Canh Toan 是谁?", "zh"),
        ("iPhone 15 pro max 多少钱", "zh"),
        ("Кто такой Nguyen Chi Vinh?", "ru"),
        ("Wer sang die Nationalhymne?", "de"),
        ("¿Quién cantó el himno nacional?", "es"),
        ("東京の天気はどうですか", "ja"),
        ("서울의 날씨", "ko"),
    ],
)
def test_questions(question: str, language: str) -> None:
    assert detect(question) == language


@pytest.mark.parametrize("text", ["", "2022", "?!", "GDP 3.5%"])
def test_where_nothing_decides_it_is_english_or_the_first_of_those_at_hand(text: str) -> None:
    assert detect(text, ["fr", "en"]) == "en"
    assert detect(text, ["vi", "zh"]) in {"vi", "zh"}


def test_only_those_at_hand_are_told_apart() -> None:
    assert detect("Wer sang die Nationalhymne?", ["en", "fr"]) in {"en", "fr"}
    assert detect("港口在哪里？", ["en", "ru"]) in {"en", "ru"}
    assert detect("Le port est ouvert aujourd’hui", ["fr"]) == "fr"
    assert set(LANGUAGES) >= {"zh", "fr", "en", "vi", "ru", "de", "es"}


def test_long_texts_cost_no_more_than_their_beginning() -> None:
    assert detect("Le port est ouvert aujourd’hui. " * 200_000) == "fr"
