"""Passages that negate what a question takes for granted."""

from __future__ import annotations

import pytest

from rag.verification.analysed_text import AnalysedText
from rag.verification.polarity import denied

DENIED = [
    (
        "en",
        "When did Norland sign the fishing treaty?",
        "Norland has not yet signed the fishing treaty.",
        "not",
    ),
    (
        "en",
        "When did the minister resign?",
        "On Monday the minister refused to resign over the dam.",
        "refused",
    ),
    ("en", "How long did the crew repair the crane?", "The crew didn't repair the crane.", "n't repair"),
    ("fr", "Quand l'accord a-t-il été signé ?", "L'accord n'est pas encore signé.", "n'est pas encore signé"),
    ("fr", "Quand le maire a-t-il démissionné ?", "Le maire n'a jamais démissionné.", "jamais"),
    ("zh", "两国什么时候签署了渔业协定？", "渔业协定还没有签署。", "没有签"),
    ("zh", "部长哪一天辞职？", "部长周一拒绝辞职。", "拒绝辞"),
    ("vi", "Hai nước ký hiệp định nghề cá khi nào?", "Hai nước chưa ký hiệp định nghề cá.", "chưa ký"),
    ("vi", "Bộ trưởng từ chức ngày nào?", "Bộ trưởng không từ chức.", "không từ"),
    (
        "ru",
        "Когда страны подписали соглашение?",
        "Документов о рыболовстве не подписывали.",
        "не подписывали",
    ),
    ("ru", "Когда министр ушёл в отставку?", "Министр отказался уйти в отставку.", ""),
]
"""Question, passage, and a part of the phrase that negates it; "" where the forms of a verb share no stem."""


@pytest.mark.parametrize(("language", "question", "passage", "phrase"), DENIED)
def test_a_premise_that_the_passage_negates_is_noticed(
    language: str, question: str, passage: str, phrase: str
) -> None:
    found = denied([AnalysedText(question, language)], AnalysedText(passage, language))
    assert phrase in found
    assert bool(found) == bool(phrase)


@pytest.mark.parametrize(
    ("language", "question", "passage"),
    [
        ("en", "When was the treaty signed?", "It was not signed in May. The treaty was signed on 3 June."),
        ("en", "Who signed the treaty?", "Not only Norland signed the treaty."),
        ("en", "Why did the minister refuse to resign?", "The minister refused to resign."),
        ("fr", "Qui a signé l'accord ?", "La Norlande n'est pas seulement venue, elle a signé l'accord."),
        ("zh", "今年签署了多少协定？", "今年不仅签署了三项协定，还开了两次会。"),
        ("vi", "Không quân mua bao nhiêu máy bay?", "Không quân mua tám máy bay."),
        ("ru", "Сколько стран подписали соглашение?", "Соглашение подписали не менее восьми стран."),
    ],
)
def test_what_only_looks_like_a_negation_accuses_nothing(language: str, question: str, passage: str) -> None:
    assert denied([AnalysedText(question, language)], AnalysedText(passage, language)) == ""


def test_texts_of_two_languages_are_not_compared() -> None:
    question, passage = "When was the treaty signed?", "Le traité n'a pas été signé."
    assert denied([AnalysedText(question, "en")], AnalysedText(passage, "fr")) == ""
