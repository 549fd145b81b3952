"""The language that a question names for its answer."""

from __future__ import annotations

import pytest

from rag.text.answer_language import answer_language


@pytest.mark.parametrize(
    ("question", "searched", "language"),
    [
        ("Réponds en anglais : qui est Phan Văn Giang ?", "qui est Phan Văn Giang ?", "en"),
        ("用英文回答:黎怀忠说了什么?", "黎怀忠说了什么?", "en"),
        ("Who is Lê Hoài Trung? Answer in French.", "Who is Lê Hoài Trung?", "fr"),
        ("Ai là bộ trưởng? Trả lời bằng tiếng Anh", "Ai là bộ trưởng?", "en"),
        ("Кто министр? Ответь по-английски", "Кто министр?", "en"),
        ("Quel est son nom ? Réponse en chinois s'il te plaît", "Quel est son nom ?", "zh"),
        ("Qui a écrit en anglais ?", "Qui a écrit en anglais ?", ""),
        ("Who speaks Russian in Hanoi?", "Who speaks Russian in Hanoi?", ""),
        ("Answer in English.", "Answer in English.", ""),
    ],
)
def test_an_instruction_names_the_language(question: str, searched: str, language: str) -> None:
    assert answer_language(question) == (searched, language)
