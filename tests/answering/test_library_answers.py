"""Answers to greetings and to questions about the list of articles."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from rag.answering.library_answers import MAX_LISTED, LibraryAnswers
from rag.locales.catalogue import LOCALES
from rag.store.store import Store
from rag.types import Answer, Filters, Turn

Asking = Callable[..., Answer | None]


def article(title: str, day: str, language: str, text: str) -> str:
    dated = f"published: {day}\n" if day else ""
    return f"---\ntitle: {title}\nlanguage: {language}\n{dated}source: Quay News\n---\n\n{text}\n"


ARTICLES = {
    "spring": article(
        "Spring in Kazan", "2025-03-09", "en", "Russia opened a fair. Forty people came to it."
    ),
    "fair": article("La foire [2]", "2025-05-01", "fr", "La Russie a ouvert une foire. Le port était fermé."),
    "port": article("Порт закрыт", "2024-12-31", "ru", "В России закрыли порт. Лавров приехал в город."),
    "bridge": article("青石桥通车", "", "zh", "青石桥正式通车，全长八百米，造价两亿元。市长出席了通车仪式。"),
    "shirt": article(
        "Món quà", "2023-01-02", "vi", "Bà mẹ may một chiếc áo dài. Anh ấy rất vui vì món quà này."
    ),
}


@pytest.fixture(scope="module")
def ask(index: Callable[..., Store]) -> Asking:
    return asking(index(**ARTICLES))


def asking(store: Store) -> Asking:
    answers = LibraryAnswers(store, lambda language, n: [f"A tried question in {language}?"][:n])

    def run(question: str, language: str = "en", **more: object) -> Answer | None:
        return answers.answer(question, language, **more)  # type: ignore[arg-type]

    return run


def listed(answer: Answer | None) -> list[str]:
    """The titles of the cited articles, in the order of the lines that cite them."""
    assert answer
    lines = [line for line in answer.text.splitlines() if line.startswith("- ")]
    numbers = [int(found[1]) for line in lines if (found := re.search(r"\[(\d+)\]$", line))]
    assert len(numbers) == len(lines) == len(answer.hits)
    return [answer.hits[n - 1].article.title for n in numbers]


def test_the_articles_of_a_year_are_counted_and_cited_newest_first(ask: Asking) -> None:
    answer = ask("Which articles of 2025?")
    assert answer and (answer.kind, answer.outcome, answer.model) == ("library", "answered", "")
    assert answer.text.startswith("2 of the 5 articles are dated 2025.")
    assert listed(answer) == ["La foire [2]", "Spring in Kazan"]


def test_an_article_without_a_date_is_reported(ask: Asking) -> None:
    answer = ask("Which articles of 2025?")
    assert answer and "1 article without a date was not counted." in answer.text


def test_where_nothing_matches_it_says_what_was_counted(ask: Asking) -> None:
    answer = ask("Which articles of 2031?")
    assert answer and answer.text.startswith("0 of the 5 articles are dated 2031.")
    assert answer.hits == ()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many articles on Russia?", "3 of the 5 articles contain “Russia”"),
        ("Combien d'articles sur la Russie ?", "3 articles sur 5 contiennent « Russie »"),
        ("有多少篇关于俄罗斯的文章?", "5 篇文章中有 3 篇含有“俄罗斯”"),
        ("Có bao nhiêu bài về Nga?", "3 trong số 5 bài viết có “Nga”"),
        ("Сколько статей о России?", "3 статьи из 5 — со словами «России»"),
    ],
)
def test_a_country_is_counted_in_every_language_that_names_it(ask: Asking, question: str, told: str) -> None:
    answer = ask(question)
    assert answer and answer.text.startswith(told)
    assert listed(answer) == ["La foire [2]", "Spring in Kazan", "Порт закрыт"]
    assert all(re.search("Russi|Росси", hit.passage.text) for hit in answer.hits), "the passage names it"


def test_a_country_that_looks_like_another_word_is_not_counted(ask: Asking) -> None:
    answer = ask("Có bao nhiêu bài về Áo?", "vi")
    assert answer and answer.text.startswith("0 trong số 5 bài viết có “Áo”")


def test_a_name_in_one_spelling_says_that_no_other_was_searched(ask: Asking) -> None:
    answer = ask("Какие статьи упоминают Лаврова?", "ru")
    assert listed(answer) == ["Порт закрыт"]
    assert answer and "Искали только в этом написании" in answer.text
    latin = ask("Which articles mention Lavrov?")
    assert latin and "0 of the 5 articles contain “Lavrov”. Only this spelling was searched" in latin.text


def test_constraints_add_up_with_each_other_and_with_the_filters(ask: Asking) -> None:
    assert listed(ask("Which articles of 2025 in French?")) == ["La foire [2]"]
    filtered = ask("Which articles of 2025?", filters=Filters(languages=("en", "ru")))
    assert listed(filtered) == ["Spring in Kazan"]
    assert filtered and filtered.text.startswith("1 of the 2 articles is dated 2025. Only articles that pass")
    apart = ask("How many articles are there in French?", filters=Filters(languages=("en",)))
    assert apart and apart.text.startswith("0 of the 1 articles are in French.")


def test_how_many_and_in_which_languages(ask: Asking) -> None:
    answer = ask("How many articles are there, and in which languages?")
    assert answer and answer.text.startswith(
        "The library has 5 articles. By language: English (1), French (1), Russian (1)"
    )
    assert answer.hits == ()


def test_the_latest_articles_come_by_date_and_the_undated_last(ask: Asking) -> None:
    titles = ["La foire [2]", "Spring in Kazan", "Порт закрыт", "Món quà", "青石桥通车"]
    assert listed(ask("latest articles")) == titles
    assert listed(ask("What are the 2 latest articles?")) == titles[:2]
    assert listed(ask("Which are the oldest articles?"))[0] == "Món quà"


def test_a_mark_in_a_title_is_no_citation(ask: Asking) -> None:
    answer = ask("Which articles of May 2025?")
    assert answer and "- La foire (2) · Quay News · 1 May 2025 [1]" in answer.text


def test_a_long_list_says_how_many_more_there_are(index: Callable[..., Store]) -> None:
    more = {
        f"n{n}": f"Note {n}\n\nThe ferry of line {n} sails to the island of Gull every day.\n"
        for n in range(9)
    }
    answer = asking(index(**ARTICLES, **more))("latest articles")
    assert len(listed(answer)) == MAX_LISTED
    assert answer and "4 more are on the page “Articles”." in answer.text


def test_several_common_words_that_stand_nowhere_together_are_searched_as_usual(ask: Asking) -> None:
    assert ask("How many articles on fair weather ships?") is None
    assert ask("What did Russia open?") is None


@pytest.mark.parametrize(
    ("word", "language"),
    [("hello", "en"), ("bonjour", "fr"), ("你好", "zh"), ("xin chào", "vi"), ("здравствуйте", "ru")],
)
def test_a_greeting_is_returned_in_its_language_with_questions_to_go_on(
    ask: Asking, word: str, language: str
) -> None:
    answer = ask(word, "en")
    assert answer and (answer.kind, answer.language, answer.outcome) == ("greeting", language, "answered")
    assert "5" in answer.text
    assert answer.offers[0] == f"A tried question in {language}?"
    about = [ask(offer, language) for offer in answer.offers[1:]]
    assert about and all(one and one.kind == "library" for one in about)


def test_thanks_are_returned(ask: Asking) -> None:
    answer = ask("Спасибо!")
    assert answer and answer.kind == "thanks"
    assert answer.text.startswith("Пожалуйста!")


@pytest.mark.parametrize("language", sorted(LOCALES))
def test_an_empty_library_says_so_and_offers_nothing(store: Store, language: str) -> None:
    answers = LibraryAnswers(store, lambda _language, _n: ["Never?"])
    hello = {"en": "hello", "fr": "salut", "zh": "你好", "vi": "chào bạn", "ru": "привет"}[language]
    answer = answers.answer(hello, language)
    assert answer and answer.offers == ()
    counted = answers.answer("How many articles are in the library?", "en")
    assert counted and counted.text == "The library has 0 articles."


def test_the_answer_comes_in_the_language_that_is_asked_for(ask: Asking) -> None:
    answer = ask("Combien d'articles sur la Russie ? Réponds en anglais.", "fr")
    assert answer and answer.language == "en"
    assert answer.text.startswith("3 of the 5 articles contain “Russie”")


def test_after_a_question_about_a_treaty_its_articles_are_meant(ask: Asking) -> None:
    history = (Turn("What does the treaty say?", "It bans tests."),)
    assert ask("How many articles are there?", history=history) is None
    assert ask("How many articles are there?")
