"""What a model copied of a passage, as the reader is given it."""

from __future__ import annotations

import pytest
from examples import hit

from rag.answering.extraction import exact_quote

ARRIVED = hit("Le navire est arrivé à Dakar le 3 mai. Il portait 40 tonnes de riz.", language="fr")
MINISTER = hit("Trade Minister Ida Brandt opened the harbour.", language="en")
HITS = [ARRIVED, MINISTER]


def test_words_in_the_readers_language_are_given_as_they_are() -> None:
    assert (
        exact_quote("Le navire est arrivé à Dakar le 3 mai.", "fr", HITS)
        == "Le navire est arrivé à Dakar le 3 mai."
    )
    assert exact_quote("The ship came to Dakar on 3 May.", "en", HITS) == "The ship came to Dakar on 3 May."


@pytest.mark.parametrize("short", ["40", "Ida Brandt", "3/5"])
def test_a_name_or_a_number_has_no_language(short: str) -> None:
    assert exact_quote(short, "ru", HITS) == short


@pytest.mark.parametrize(
    ("language", "start"),
    [("en", "The article says:"), ("zh", "文章原文"), ("vi", "Bài viết nêu"), ("ru", "В статье сказано")],
)
def test_words_in_another_language_are_named_as_the_articles_own(language: str, start: str) -> None:
    said = exact_quote("le navire est  arrivé à Dakar le 3 mai.", language, HITS)
    assert said.startswith(start)
    assert "Le navire est arrivé à Dakar le 3 mai." in said


def test_words_that_were_copied_wrong_are_given_as_they_stand_in_the_passage() -> None:
    assert "Il portait 40 tonnes de riz." in exact_quote("Il a porté 40 tonnes de riz.", "ru", HITS)


def test_a_part_of_a_long_sentence_brings_the_whole() -> None:
    told = "两国总理在河内会谈后表示,双方将继续扩大各领域合作,并提出把双边贸易额提高到250亿美元。"
    said = exact_quote("两国将把双边贸易额提高到250亿美元。", "vi", [hit(told, language="zh")])
    assert said == f"Bài viết nêu: “{told}”"


def test_a_sentence_that_was_cut_is_whole_again() -> None:
    told = "The works in the harbour, which the council had put off three times since 1998, began in May at last."
    cut = "The works in the harbour, which the council had put off three times"
    assert exact_quote(cut, "en", [hit(told)]) == told
    assert exact_quote(cut, "ru", [hit(told)]) == f"В статье сказано: «{told}»"


def test_two_sentences_that_were_copied_are_both_given() -> None:
    told = (
        "The council of Aldersund opened its new harbour on Monday, and many guests came. It cost 12 million."
    )
    before = "It had been put off three times since 1998. "
    assert exact_quote(told, "en", [hit(before + told)]) == told
    assert exact_quote(told, "fr", [hit(before + told)]) == f"L’article dit : « {told} »"


def test_a_sentence_that_was_copied_with_another_name_is_given_as_it_stands() -> None:
    told = "The council of Aldersund sold 5,586 tonnes of its own salt in 2021, more than ever before."
    wrong = "The Kestrel Group sold 5,586 tonnes of its own salt in 2021, more than ever before."
    assert exact_quote(wrong, "en", [hit(told)]) == told


def test_nothing_is_nothing() -> None:
    assert exact_quote(" \n", "en", HITS) == ""


def test_a_few_words_of_a_passage_in_another_language_are_a_quotation_too() -> None:
    assert (
        exact_quote("Trade Minister Ida Brandt", "ru", HITS)
        == "В статье сказано: «Trade Minister Ida Brandt»"
    )


def test_words_in_another_language_that_no_passage_has_are_none() -> None:
    assert exact_quote("The harbour master was dismissed last year.", "ru", HITS) == ""
    assert exact_quote("Anything at all in English.", "ru", []) == ""
