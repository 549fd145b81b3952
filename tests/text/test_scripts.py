"""One definition of Han characters and of words."""

from __future__ import annotations

import pytest

from rag.text.scripts import HAN_RUN, WORD, WORD_LETTERS, is_han


@pytest.mark.parametrize("character", ["一", "龘", "㐀", "𠮷", "豈"])
def test_han_characters_of_all_blocks(character: str) -> None:
    assert is_han(character)


@pytest.mark.parametrize("character", ["A", "я", "。", "ひ", "한", "1", "〇"])
def test_other_characters_are_no_han(character: str) -> None:
    assert not is_han(character)


def test_words_are_runs_of_letters_and_single_han_characters() -> None:
    assert WORD.findall("G20峰会, 3 pays_là") == ["G20", "峰", "会", "3", "pays", "là"]
    assert WORD_LETTERS.findall("G20峰会 là") == ["G", "峰", "会", "là"]
    assert HAN_RUN.findall("在𠮷野家 and 东京") == ["在𠮷野家", "东京"]
