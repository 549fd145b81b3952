from __future__ import annotations

import pytest

from rag.verification.names import chinese_characters
from rag.verification.names.chinese_characters import palladius
from rag.verification.names.phonetics import close, fold, latin, same_russian


@pytest.mark.parametrize(
    ("word", "folded"), [("Élysée", "elysee"), ("Đặng", "dang"), ("Łódź", "lodz"), ("Пётр", "петр")]
)
def test_accents_fall_and_letters_become_small(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_cyrillic_is_written_in_latin_letters() -> None:
    assert latin(fold("Кузнецова")) == "kuznetsova"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Шредер", "Schröder"),
        ("Гутерриш", "Guterres"),
        ("Хабеку", "Habeck"),
        ("Джексон", "Jackson"),
        ("Чайковский", "Tchaikovsky"),
        ("Zelensky", "Zelenskyy"),
    ],
)
def test_one_name_in_two_spellings_is_close(one: str, other: str) -> None:
    assert close(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Шредер", "Schmidt"), ("Иванов", "Petrov"), ("Jackson", "Johnson"), ("Ли", "Ma")]
)
def test_two_names_are_not_close(one: str, other: str) -> None:
    assert not close(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("кузнецовым", "кузнецов"), ("самаре", "самара"), ("андрея", "андрей")]
)
def test_a_russian_name_is_known_in_its_cases(one: str, other: str) -> None:
    assert same_russian(one, other)
    assert not same_russian(one, "воробьев")


@pytest.mark.parametrize(
    ("syllable", "russian"),
    [("zhang", "чжан"), ("xi", "си"), ("qing", "цин"), ("shi", "ши"), ("hui", "хуэй")],
)
def test_pinyin_is_written_in_russian(syllable: str, russian: str) -> None:
    assert palladius(syllable) == russian


@pytest.mark.parametrize(
    ("name", "written"),
    [("Harrison", "哈里森"), ("Mitchell", "米切尔"), ("Солженицын", "索尔仁尼琴"), ("Sanders", "桑德斯")],
)
def test_foreign_names_are_heard_in_han_characters(name: str, written: str) -> None:
    assert chinese_characters.sound_distance(name, written, True) <= 0.3


@pytest.mark.parametrize(
    ("name", "written"), [("Harrison", "米切尔"), ("Mitchell", "桑德斯"), ("Sanders", "哈里森")]
)
def test_other_names_are_not_heard(name: str, written: str) -> None:
    assert chinese_characters.sound_distance(name, written, True) > 0.4


def test_characters_have_their_vietnamese_and_chinese_readings() -> None:
    assert "pham" in chinese_characters.vietnamese("范")
    assert "fan" in chinese_characters.pinyin("范")
