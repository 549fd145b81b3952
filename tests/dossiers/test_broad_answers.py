"""Dossiers and timelines: quoted, dated, cited, and only of what is about the subject."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from rag.dossiers import broad_answers
from rag.dossiers.broad_answers import BroadAnswers
from rag.dossiers.subject import Subject
from rag.locales.catalogue import LOCALES
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Answer, Filters


def article(title: str, day: str, language: str, text: str) -> str:
    return f"---\ntitle: {title}\nlanguage: {language}\npublished: {day}\nsource: Quay News\n---\n\n{text}\n"


ARTICLES = {
    "harbour": article(
        "The harbour of Kestrel Bay",
        "2024-05-02",
        "en",
        "The harbour of Kestrel Bay was founded in 1911. The harbour of Kestrel Bay was dredged from 2021 on.\n\n"
        "On 2 May the harbour of Kestrel Bay opened again. Who paid for the harbour of Kestrel Bay?",
    ),
    "port": article(
        "Le port de Kestrel Bay",
        "2024-05-03",
        "fr",
        "Le harbour de Kestrel Bay a rouvert le 2 mai 2024 après trois ans. Le maire de Kestrel Bay a parlé [2] au harbour.",
    ),
    "library": article(
        "The library of Montfleur",
        "2023-03-01",
        "en",
        "The library of Montfleur closed on 3 March 2023. The harbour of Montfleur is small.",
    ),
}
_QUOTED = re.compile(r"[“«] ?(.+?) ?[”»] — .*?((?:\[\d+\])+)$")


@pytest.fixture(scope="module")
def answers(index: Callable[..., Store]) -> BroadAnswers:
    store = index(**ARTICLES)
    return BroadAnswers(store, Retriever(store, HashEmbedder()))


def quoted(answer: Answer | None) -> list[tuple[str, list[int]]]:
    """The quotations of an answer and the numbers that they cite."""
    assert answer
    found = [_QUOTED.search(line) for line in answer.text.splitlines() if line.startswith("- ")]
    assert all(found)
    return [(one[1], [int(n) for n in re.findall(r"\d+", one[2])]) for one in found if one]


@pytest.mark.parametrize(
    "question", ["Summarise the harbour of Kestrel Bay", "Timeline of Kestrel Bay harbour"]
)
def test_every_quotation_stands_in_the_passage_that_it_cites(answers: BroadAnswers, question: str) -> None:
    answer = answers.answer(question, "en")
    assert answer
    for text, numbers in quoted(answer):
        own = " ".join(answer.hits[numbers[0] - 1].passage.text.split())
        assert text.replace("(2)", "[2]") in own
    assert answer.model == "" and answer.outcome == "answered"
    assert all(sentence.support == "supported" for sentence in answer.sentences)


def test_only_what_is_about_the_subject_is_quoted(answers: BroadAnswers) -> None:
    answer = answers.answer("What do the articles say about the harbour of Kestrel Bay?", "en")
    said = " ".join(text for text, _ in quoted(answer))
    assert "founded in 1911" in said and "a rouvert" in said
    assert "Montfleur" not in said
    assert "Who paid" not in said, "a question says nothing"


def test_a_sentence_that_does_not_name_its_subject_is_quoted_too(index: Callable[..., Store]) -> None:
    text = "The bridge of Dock Isle opened in spring. Work took eight years. Two cranes were sold afterwards."
    store = index(bridge=article("The bridge of Dock Isle", "2024-05-02", "en", text))
    answer = BroadAnswers(store, Retriever(store, HashEmbedder())).answer(
        "Summarise the bridge of Dock Isle", "en"
    )
    assert "Work took eight years." in [said for said, _ in quoted(answer)]


def test_what_cannot_be_compared_is_told_one_after_the_other(answers: BroadAnswers) -> None:
    answer = answers.answer("Compare the harbour of Kestrel Bay and the moon of Jupiter", "en")
    assert answer and answer.kind == "dossier"
    headings = [line for line in answer.text.splitlines() if line.startswith("## ")]
    assert headings == ["## harbour of Kestrel Bay"]


def test_a_timeline_is_in_the_order_of_the_events(answers: BroadAnswers) -> None:
    answer = answers.answer("Timeline of the harbour of Kestrel Bay", "en")
    assert answer
    lines = [line for line in answer.text.splitlines() if line.startswith("- ")]
    assert [line[2:].split(" · ")[0] for line in lines] == ["1911", "2021", "2 May 2024", "~ 2 May 2024"]
    assert "“~” marks" in answer.text
    assert answer.dates == ("1911", "2021", "2024-05-02", "2024-05-02")


def test_a_mark_in_an_article_is_no_citation(answers: BroadAnswers) -> None:
    answer = answers.answer("Summarise the harbour of Kestrel Bay", "en", Filters(languages=("fr",)))
    assert answer
    assert "parlé (2) au" in answer.text


def test_a_comparison_has_a_column_for_each_subject(answers: BroadAnswers) -> None:
    answer = answers.answer("Compare the harbour of Kestrel Bay and the library of Montfleur", "en")
    assert answer and answer.kind == "comparison"
    table = [line.strip("| ").split(" | ") for line in answer.text.splitlines() if line.startswith("| ")]
    assert table[0] == ["harbour of Kestrel Bay", "library of Montfleur"]
    cells = [(column, one) for row in table[1:] for column, one in zip(table[0], row, strict=True)]
    told = cells + [tuple(x[2:].split(": ", 1)) for x in answer.text.splitlines() if x.startswith("- harb")]
    assert any("1911" in said for column, said in told if column == table[0][0])
    assert any("closed on 3 March 2023" in said for column, said in cells if column == table[0][1])
    for text, numbers in re.findall(r"“([^”]+)” — [^|]*?\[(\d+)\]", answer.text):
        assert text.replace("(2)", "[2]") in " ".join(answer.hits[int(numbers) - 1].passage.text.split())


def test_what_cannot_be_compared_is_left_to_the_model(answers: BroadAnswers) -> None:
    assert answers.answer("Compare the volcanoes of Zembla and the lakes of Ruthland", "en") is None


def test_filters_hold(answers: BroadAnswers) -> None:
    answer = answers.answer("Summarise the harbour of Kestrel Bay", "en", Filters(languages=("en",)))
    assert {hit.article.language for hit in answer.hits} == {"en"} if answer else False


@pytest.mark.parametrize(
    "question", ["When was the harbour of Kestrel Bay founded?", "Summarise the volcanoes of Zembla"]
)
def test_other_questions_and_subjects_that_are_not_there_are_left_to_the_model(
    answers: BroadAnswers, question: str
) -> None:
    assert answers.answer(question, "en") is None


@pytest.mark.parametrize("language", LOCALES)
def test_the_first_line_says_what_follows_in_the_readers_language(
    answers: BroadAnswers, language: str
) -> None:
    answer = answers.answer("Kestrel Bay harbour", language, form="timeline")
    assert answer
    assert "Kestrel Bay harbour" in answer.text.splitlines()[0]
    assert "timeline_lead" not in answer.text and "{" not in answer.text


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("canada and vietnam", "en", {"Canada", "Vietnam"}),
        ("les garde-côtes indonésiens", "fr", {"Indonesia"}),
        ("cảnh sát biển Việt Nam", "vi", {"Vietnam"}),  # "Sát" is Chad, "sát" is not
        ("the harbour", "en", set()),
    ],
)
def test_names_of_a_subject_are_known_as_adjectives_and_without_capitals(
    text: str, language: str, names: set[str]
) -> None:
    assert Subject(text, language).names == names


def test_an_event_that_two_articles_tell_is_one_entry_in_the_readers_language(
    index: Callable[..., Store],
) -> None:
    told = "The ferry of Lotown sank off the Grey Rocks"
    store = index(
        one=article(
            "Ferry lost", "2024-05-02", "en", f"{told} on 1 May 2024. The ferry of Lotown was old in 2019."
        ),
        two=article("Fährunglück", "2024-05-03", "fr", f"{told} en mai 2024."),
    )
    answer = BroadAnswers(store, Retriever(store, HashEmbedder())).answer(
        "The ferry of Lotown", "fr", form="timeline"
    )
    assert answer
    lines = [line for line in answer.text.splitlines() if line.startswith("- ")]
    assert len(lines) == 2
    assert (
        "en mai 2024" in lines[1]
        and lines[1].startswith("- 1 mai 2024")
        and len(re.findall(r"\[\d\]", lines[1])) == 2
    )


def test_sentences_that_may_be_about_something_else_come_last_and_are_called_that(
    answers: BroadAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = answers.answer("Summarise the harbour of Kestrel Bay", "en")
    monkeypatch.setattr(broad_answers, "MIN_SURE_NEAR", 0.9)
    doubtful = answers.answer("Summarise the harbour of Kestrel Bay", "en")
    assert plain and doubtful
    assert "Perhaps" not in plain.text
    _, _, unsure = doubtful.text.partition("## Perhaps on the subject, too\n")
    assert unsure.startswith("- ")
    assert {text for text, _ in quoted(doubtful)} == {text for text, _ in quoted(plain)}, "none is left out"
