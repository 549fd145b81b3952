from __future__ import annotations

import pytest

from rag.evaluation.judgement import accepted, unmarked
from rag.text.language import is_in_language


def test_an_answer_is_accepted_with_every_group_in_any_spelling() -> None:
    accept = [["8 teams|eight", "october 22|22 october"]]
    assert accepted("Eight, on\n22\u00a0October.", accept)
    assert not accepted("Eight, in October.", accept)


def test_one_alternative_is_enough() -> None:
    accept = [["moscow", "2018"], ["москв"]]
    assert accepted("В Москве.", accept)
    assert not accepted("In Moscow.", accept)


def test_wide_and_narrow_characters_are_the_same() -> None:
    assert accepted("共２３３７公里。", [["2337"]])


def test_the_number_of_a_mark_is_not_an_answer() -> None:
    said = unmarked("It began in Moscow. [3] It ended there [1][2].")
    assert said == "It began in Moscow. It ended there."
    assert not accepted(said, [["3"]])


@pytest.mark.parametrize(
    ("answer", "language", "fits"),
    [
        ("Le dialogue a eu lieu à Moscou en décembre.", "fr", True),
        ("The dialogue was held in Moscow in December.", "fr", False),
        ("对话于十二月在莫斯科举行。", "en", False),
        ("对话于十二月在莫斯科举行。", "zh", True),
        ("Sergei Shoigu", "zh", True),
        ("2 337", "ru", True),
        ("Trois十九 pays ont envoyé des militaires aux Jeux de l'armée.", "fr", False),
        ("Trois十九", "fr", False),
        ("Le pont (青石桥) est ouvert depuis le mois de mai.", "fr", True),
        ("ADMM会议于十二月在莫斯科举行。", "zh", True),
    ],
)
def test_the_language_of_an_answer_and_that_names_have_none(answer: str, language: str, fits: bool) -> None:
    assert is_in_language(answer, language) == fits
