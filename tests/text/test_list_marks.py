"""One definition of the mark of a list item, and of the openings that refer to the sentence before."""

from __future__ import annotations

import pytest

from rag.text.back_references import OPENS_WITH_PRONOUN, REFERS_BACK
from rag.text.list_marks import LIST_MARK


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("- Canada", "Canada"),
        ("– Лаос", "Лаос"),
        ("•Việt Nam", "Việt Nam"),
        ("  * Chine", "Chine"),
        ("12. Laos", "Laos"),
        ("(3) Laos", "Laos"),
        ("1.中方表示", "中方表示"),
        ("3、老挝", "老挝"),
        ("\u3000\u3000二、老挝", "老挝"),
        ("（一）老挝", "老挝"),
    ],
)
def test_a_list_item_is_read_without_its_mark(line: str, text: str) -> None:
    mark = LIST_MARK.match(line)
    assert mark is not None
    assert line[mark.end() :] == text


@pytest.mark.parametrize(
    "line",
    [
        "2.38% of the population.",
        "-5 °C at night",
        "2019. The year",
        "**Who** belongs",
        "三、四月间",
        "三国演义",
        "1,450 people",
    ],
)
def test_a_value_or_a_word_is_no_mark(line: str) -> None:
    assert LIST_MARK.match(line) is None


@pytest.mark.parametrize(
    "sentence",
    ["She was named in 2019.", "Elle a été nommée.", "Они уехали.", "Ông nói vậy.", "他表示同意。"],
)
def test_a_pronoun_refers_to_the_sentence_before(sentence: str) -> None:
    assert OPENS_WITH_PRONOUN.match(sentence)
    assert REFERS_BACK.match(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "This is new.",
        "The latter agreed.",
        "Cette loi date de 2019.",
        "Это новое.",
        "Đây là lần đầu.",
        "这是第一次。",
    ],
)
def test_a_demonstrative_refers_back_and_is_no_pronoun(sentence: str) -> None:
    assert REFERS_BACK.match(sentence)
    assert OPENS_WITH_PRONOUN.match(sentence) is None


@pytest.mark.parametrize(
    "sentence", ["Ida Brandt spoke.", "Ông Nguyễn Văn An nói.", "Items remain.", "Laos agreed."]
)
def test_a_name_does_not_refer_back(sentence: str) -> None:
    assert REFERS_BACK.match(sentence) is None
