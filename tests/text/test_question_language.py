"""The language of a question, whatever names stand in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.text.question_language import question_language

ROWS = Path(__file__).with_name("question_languages.tsv").read_text("utf-8").splitlines()


def test_names_of_another_language_do_not_decide() -> None:
    rows = [row.split("\t") for row in ROWS]
    wrong = [
        (question, question_language(question))
        for question, code in rows
        if question_language(question) != code
    ]
    assert len(rows) == 150
    assert not wrong


@pytest.mark.parametrize(
    ("question", "among", "expected"),
    [
        ("Wer sang die Nationalhymne?", ["de", "en", "fr"], "de"),
        ("¿Quién cantó el himno nacional?", ["en", "es", "fr"], "es"),
        ("How are Ergänzungsschulen funded?", ["de", "en"], "en"),
        ("東京の天気はどうですか", ["en", "ja"], "ja"),
    ],
)
def test_languages_of_the_library_are_known_too(question: str, among: list[str], expected: str) -> None:
    assert question_language(question, among) == expected


def test_where_no_word_decides_the_interface_does() -> None:
    assert question_language("Phan Văn Giang 2019", fallback="fr") == "fr"
    assert question_language("Qui est Phan Văn Giang ?", fallback="en") == "fr"
