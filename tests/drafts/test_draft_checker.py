"""A draft's sentences against a small library: confirmed, told otherwise, or not found; quoted exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.drafts.checked_draft import CheckedSentence, counts
from rag.drafts.draft_checker import DraftChecker
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.testing import HashEmbedder

BRIDGES = """The bridges of Lenne

The Lenne bridge was closed to lorries on 3 May 2021. Repairs of the Lenne bridge cost 14 million euros.

The Volme bridge was opened on 12 June 1934. Engineer Marta Kowalska leads the work on the Lenne bridge.
"""
PORT = """Le port de Gdańsk

Le port de Gdańsk a reçu 2 300 navires en 2023. Il emploie 410 personnes.
"""


@pytest.fixture(scope="module")
def store(index: Callable[..., Store]) -> Store:
    return index(bridges=BRIDGES, port=PORT)


@pytest.fixture(scope="module")
def check(store: Store) -> Callable[[str], list[CheckedSentence]]:
    checker = DraftChecker(Retriever(store, HashEmbedder()), store.ledger.article)
    return lambda draft: list(checker.check(draft))


def test_what_an_article_says_is_confirmed_with_its_words(
    check: Callable[[str], list[CheckedSentence]], store: Store
) -> None:
    (found,) = check("Repairs of the Lenne bridge cost 14 million euros.")
    assert found.finding == "confirmed"
    (quote,) = found.backings
    assert quote.text == "Repairs of the Lenne bridge cost 14 million euros."
    article = store.ledger.article(quote.article.id)
    assert article and article.text[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    ("sentence", "said", "instead"),
    [
        ("Repairs of the Lenne bridge cost 15 million euros.", "15 million euros", "14 million euros"),
        ("The Lenne bridge was closed to lorries on 8 May 2021.", "8 May 2021", "3 May 2021"),
        ("The Lenne bridge was closed to lorries on 12 June 1934.", "12 June 1934", "3 May 2021"),
        ("Engineer Anna Nowak leads the work on the Lenne bridge.", "Anna Nowak", "Marta Kowalska"),
        ("Le port de Gdańsk a reçu 3 200 navires en 2023.", "3 200", "2 300"),
    ],
    ids=["amount", "date", "date of something else in the passage", "name", "number"],
)
def test_an_altered_value_is_reported_with_what_the_article_has(
    check: Callable[[str], list[CheckedSentence]], sentence: str, said: str, instead: str
) -> None:
    (found,) = check(sentence)
    assert found.finding == "differs"
    (one,) = found.deviations
    assert (one.said, one.instead) == (said, instead)
    assert found.text[one.start : one.end] == said
    quote = found.backings[one.n - 1]
    assert [quote.text[start:end] for start, end in quote.strong] == [instead]


@pytest.mark.parametrize(
    "sentence",
    [
        "Poland bought forty locomotives from Italy in 2019.",
        "The opera of Sydney sold 90,000 tickets in 1998.",
    ],
)
def test_what_no_article_is_about_is_not_accused(
    check: Callable[[str], list[CheckedSentence]], sentence: str
) -> None:
    (found,) = check(sentence)
    assert found.finding == "not_found"
    assert found.deviations == ()


def test_a_figure_in_another_sentence_of_the_article_is_quoted_too(
    check: Callable[[str], list[CheckedSentence]],
) -> None:
    (found,) = check("Le port de Gdańsk a reçu 2 300 navires et emploie 410 personnes.")
    assert found.finding == "confirmed"
    assert "410" in " ".join(quote.text for quote in found.backings)
    assert "2 300" in " ".join(quote.text for quote in found.backings)


def test_every_sentence_of_a_draft_comes_back_in_its_place(
    check: Callable[[str], list[CheckedSentence]],
) -> None:
    draft = "Good morning!\n\nThe Volme bridge was opened on 12 June 1934. Who built it?"
    found = check(draft)
    assert [draft[one.start : one.end] for one in found] == [one.text for one in found]
    assert [one.finding for one in found] == ["passed_over", "confirmed", "passed_over"]
    assert counts(found) == {"confirmed": 1, "differs": 0, "not_found": 0, "passed_over": 2}


def test_an_empty_library_confirms_nothing(index: Callable[..., Store]) -> None:
    empty = index()
    checker = DraftChecker(Retriever(empty, HashEmbedder()), empty.ledger.article)
    (found,) = checker.check("The Volme bridge was opened on 12 June 1934.")
    assert (found.finding, found.backings) == ("not_found", ())
