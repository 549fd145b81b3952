from __future__ import annotations

import pytest
from examples import hit

from rag.answering.refusals import Diagnosis, advice, denies, echoes
from rag.locales.message import render_all

CLOSEST = hit("The works cost 42 million crowns.", title="Harbour")


def test_advice_never_says_that_the_articles_lack_a_thing() -> None:
    lines = render_all(advice(Diagnosis(unrecognised=["Ida Brandt"])), "en")
    assert lines == [
        "I did not find “Ida Brandt” in the closest articles; it may be spelled differently there."
    ]


def test_a_filter_that_hides_a_nearer_article_is_reported() -> None:
    (line,) = advice(Diagnosis(filtered=CLOSEST))
    assert "without the filters, “Harbour” is a closer match" in str(line)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Vouliez-vous dire «\u00a0Ida Brandt\u00a0» ?"),
        ("zh", "您是指“Ida Brandt”吗？"),
        ("vi", "Có phải ý bạn là “Ida Brandt”?"),
        ("ru", "Возможно, вы имели в виду: «Ida Brandt»?"),
        ("it", "Did you mean “Ida Brandt”?"),
    ],
)
def test_advice_is_in_the_language_of_the_question(language: str, said: str) -> None:
    assert render_all(advice(Diagnosis(spelled=["Ida Brandt"])), language) == [said]


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("en", "The price of the works is not mentioned in the given passages."),
        ("en", "The passage doesn't say who paid."),
        ("fr", "Les passages ne précisent pas le prix des travaux."),
        ("zh", "文中没有提到工程的造价。"),
        ("vi", "Đoạn văn không nêu chi phí của công trình."),
        ("ru", "В отрывке не указана стоимость работ."),
    ],
)
def test_an_answer_that_says_it_has_none_is_none(language: str, answer: str) -> None:
    assert denies(answer, language)


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("en", "The minister did not mention the price."),
        ("en", "The works cost 42 million crowns, not 57 million."),
        ("fr", "Le maire n'a pas indiqué la date."),
        ("zh", "市长没有说明原因。"),
        ("vi", "Ông không nói ai trả tiền."),
        ("ru", "Министр не указал срок."),
    ],
)
def test_an_answer_about_somebody_who_says_nothing_is_one(language: str, answer: str) -> None:
    assert not denies(answer, language)


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [
        (
            "en",
            "Which crews of Montfleur won the regatta?",
            "According to the passage, the crews of Montfleur won the regatta.",
        ),
        ("fr", "Qui a conduit les équipes de Montfleur ?", "Les équipes de Montfleur ont été conduites."),
        ("ru", "Кто из гребцов Монтфлёра выиграл гонку?", "Гребцы Монтфлёра выиграли гонку."),
        ("vi", "Ai đã lái tàu ở cảng Kestrel?", "Theo đoạn văn, tàu đã lái ở cảng Kestrel."),
        ("zh", "谁修好了海港大桥?", "海港大桥修好了。"),
    ],
)
def test_an_answer_that_only_says_the_question_again_is_none(
    language: str, question: str, answer: str
) -> None:
    assert echoes(answer, question, language)


@pytest.mark.parametrize(
    ("language", "question", "answer"),
    [
        ("en", "Which crews won the regatta?", "The crews of Montfleur won the regatta."),
        ("en", "Did the crews of Montfleur win the regatta?", "The crews of Montfleur won the regatta."),
        ("en", "How much did the bridge cost?", "The bridge cost 42 million."),
        ("fr", "Est-ce que les équipes ont gagné ?", "Les équipes ont gagné."),
        ("ru", "Сколько гребцов выиграли гонку?", "Гонку выиграли восемь гребцов."),
        ("vi", "Ai lái tàu?", "Anh Brandt lái tàu."),
        ("zh", "海港大桥修好了吗?", "海港大桥修好了。"),
        ("zh", "谁修好了海港大桥?", "布兰特修好了海港大桥。"),
        ("it", "Chi ha vinto la regata?", "La regata."),
    ],
)
def test_an_answer_with_something_new_or_to_yes_or_no_is_one(
    language: str, question: str, answer: str
) -> None:
    assert not echoes(answer, question, language)
