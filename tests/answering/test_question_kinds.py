"""Which questions are about the library, and which only greet: never one about what the articles say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from offenders import assert_none

from rag.answering.library_questions import library_question
from rag.answering.question_kinds import greeting
from rag.locales.catalogue import LOCALES, texts

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("question_kinds.tsv").read_text("utf-8").splitlines()
]
QUESTION_LANGUAGES = Path(__file__).parents[1] / "text" / "question_languages.tsv"


def kind_of(question: str, language: str) -> str:
    found = greeting(question, language)
    if found:
        return found.kind
    return "library" if library_question(question, language) else "content"


def test_no_question_about_the_articles_is_taken_for_another_in_any_language() -> None:
    traps = [question for _, kind, question in ROWS if kind == "content"]
    assert len(traps) >= 80
    assert_none(
        [(question, code) for question in traps for code in LOCALES if kind_of(question, code) != "content"]
    )


def test_no_natural_question_with_a_name_is_taken_for_another() -> None:
    lines = QUESTION_LANGUAGES.read_text("utf-8").splitlines()
    cells = {cell for line in lines for cell in line.split("\t") if cell.rstrip().endswith(("?", "？"))}
    assert len(cells) > 100
    assert_none([cell for cell in cells if kind_of(cell, "en") != "content"])


def test_greetings_and_questions_about_the_library_are_known_whatever_language_was_guessed() -> None:
    known = [(language, kind, question) for language, kind, question in ROWS if kind != "content"]
    assert {language for language, _, _ in known} == set(LOCALES)
    assert_none([row for row in known for code in LOCALES if kind_of(row[2], code) != row[1]])


@pytest.mark.parametrize("language", sorted(LOCALES))
@pytest.mark.parametrize("code", ["offer_languages", "offer_newest"])
def test_what_a_greeting_offers_is_known(language: str, code: str) -> None:
    asked = library_question(texts("messages", language)[code], language)
    assert asked and asked.language == language
    assert asked.asks_languages == (code == "offer_languages")


TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Which articles of 2025?", date(2025, 1, 1), date(2025, 12, 31)),
        ("articles from March 2024", date(2024, 3, 1), date(2024, 3, 31)),
        ("Which articles were published on 9 March 2025?", date(2025, 3, 9), date(2025, 3, 9)),
        ("How many articles since 2020?", date(2020, 1, 1), None),
        ("How many articles after 2020?", date(2021, 1, 1), None),
        ("Which articles were published before May 2019?", None, date(2019, 4, 30)),
        ("articles between 2018 and 2020", date(2018, 1, 1), date(2020, 12, 31)),
        ("Which articles of last year?", date(2025, 1, 1), date(2025, 12, 31)),
        ("Which articles of last month?", date(2026, 2, 1), date(2026, 2, 28)),
        ("Which articles of 2025-03?", date(2025, 3, 1), date(2025, 3, 31)),
        ("Quels articles du 9 mars 2025 ?", date(2025, 3, 9), date(2025, 3, 9)),
        ("Combien d'articles depuis mars 2020 ?", date(2020, 3, 1), None),
        ("2025年3月9日的文章有哪些?", date(2025, 3, 9), date(2025, 3, 9)),
        ("2020年以来的文章有多少篇?", date(2020, 1, 1), None),
        ("Những bài nào đăng ngày 9/3/2025?", date(2025, 3, 9), date(2025, 3, 9)),
        ("Có bao nhiêu bài trước năm 2019?", None, date(2018, 12, 31)),
        ("Сколько статей с 2018 по 2020 год?", date(2018, 1, 1), date(2020, 12, 31)),
        ("Какие статьи вышли 9 марта 2025 года?", date(2025, 3, 9), date(2025, 3, 9)),
    ],
)
def test_the_days_that_a_question_names(question: str, since: date | None, until: date | None) -> None:
    asked = library_question(question, "en", today=TODAY)
    assert asked and (asked.since, asked.until) == (since, until)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How many articles on the United States in French?", "United States"),
        ("Quels articles parlent de l'Angola ?", "Angola"),
        ("有多少篇关于俄罗斯的中文文章?", "俄罗斯"),
        ("Có bao nhiêu bài viết về Campuchia năm 2020?", "Campuchia"),
        ("Сколько статей о Вьетнаме за 2018 год?", "Вьетнаме"),
    ],
)
def test_the_topic_is_told_from_the_other_constraints(question: str, topic: str) -> None:
    asked = library_question(question, "en", today=TODAY)
    assert asked and asked.topic == topic
    assert asked.written_in or asked.since or topic == "Angola"


@pytest.mark.parametrize("question", ["Which articles of 31 February 2025?", "Какие статьи от 2025-02-31?"])
def test_a_day_that_does_not_exist_is_no_constraint(question: str) -> None:
    assert library_question(question, "en") is None


def test_after_a_question_about_a_treaty_its_articles_are_meant() -> None:
    treaty = "What does the Treaty of Amity say about the use of force?"
    assert library_question("How many articles are there?", "en", before=treaty) is None
    assert library_question("How many articles are in the library?", "en", before=treaty)
    assert library_question("How many articles are there?", "en", before="Who is Lavrov?")


def test_a_very_long_text_is_read_in_no_time_and_is_no_question_about_the_library() -> None:
    assert library_question("of the articles and " * 4_000, "en") is None
    assert library_question("and of " * 22, "en") is None
    assert greeting("hello " * 10_000, "en") is None
