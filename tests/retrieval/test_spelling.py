"""Misspelled names of a question, mended by the library's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.retrieval.spelling import Spelling, with_mended
from rag.store.store import Store
from rag.types import Mended

TEXTS = {
    "en": "A visit\n\nOn Monday Sergei Lavrov met Maria Kovalenko in Hanoi. Then Lavrov flew to Singapore alone.",
    "fr": "Une visite\n\nLe ministre Kartapolov a vu la marine. Les avions de Marseille sont partis avec Durand et Durant.",
    "ru": "Визит\n\nВ город приехал Шойгу, а потом Рогозин. Вместе с Рогозиным был министр и другие гости.",
}


@pytest.fixture(scope="module")
def spelling(index: Callable[..., Store]) -> Spelling:
    return Spelling(index(**TEXTS))


@pytest.mark.parametrize(
    ("question", "language", "word", "known"),
    [
        ("What did Lavrvo say?", "en", "Lavrvo", "Lavrov"),
        ("what did lavrov's friend kovalenko and kartaplov say", "en", "kartaplov", "Kartapolov"),
        ("Who is Kartaopllov?", "en", "Kartaopllov", "Kartapolov"),
        ("Que dit Kovalnko ?", "fr", "Kovalnko", "Kovalenko"),
        ("Что сказал Шогйу?", "ru", "Шогйу", "Шойгу"),
        ("Что сказал Рогзин?", "ru", "Рогзин", "Рогозин"),
    ],
)
def test_a_misspelled_name_is_mended(
    spelling: Spelling, question: str, language: str, word: str, known: str
) -> None:
    assert spelling.mended(question, language) == (Mended(word, known),)


@pytest.mark.parametrize(
    "question",
    [
        "What did Lavrov say in Singapore?",
        "Что сказали Лавров и Рогозину?",
        "What did Lavr say?",
        "Which marins came?",
        "Who is Durans?",
        "What did Obama say in Senegal?",
        "Where were the misses and the visits?",
        "拉夫罗夫说了什么?",
        "Ông Lavrôv nói gì?",
        "",
    ],
)
def test_a_word_that_is_right_short_no_name_or_near_several_is_left(
    spelling: Spelling, question: str
) -> None:
    assert spelling.mended(question, "en") == ()


def test_whole_words_are_replaced_and_no_others() -> None:
    mended = (Mended("Lavrvo", "Lavrov"),)
    assert with_mended("Lavrvo, Lavrvos and Lavrvo's?", mended) == "Lavrov, Lavrvos and Lavrov's?"
