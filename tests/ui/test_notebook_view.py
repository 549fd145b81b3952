"""What the page is told of a notebook: a kept passage is found again, or shown as it was kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ui_examples import ARTICLE, CITED, answer

from rag.conversations import Exchange
from rag.events import Answered
from rag.notebooks.entries import Entry
from rag.notebooks.keeping import entry_of
from rag.types import Article, Quote
from rag.ui.notebook_view import drawer_data
from rag.ui.strings import strings

ENGLISH = strings("en")
OPENED = "The harbour opened in March."


@pytest.fixture
def quotation() -> Entry:
    told = answer(quotes=(Quote(1, 0, len(OPENED), 1.0),))
    entry = entry_of(Exchange(id="x", question="When?", model="small").after(Answered(told)), "q0")
    assert entry is not None
    return entry


def marked(shown: dict[str, Any]) -> str:
    return "".join(piece["t"] for line in shown["paragraphs"] for piece in line if piece["mark"] == "cited")


def text(shown: dict[str, Any]) -> str:
    return "\n".join("".join(piece["t"] for piece in line) for line in shown["paragraphs"])


def test_a_reference_opens_its_article_at_the_kept_words(quotation: Entry) -> None:
    shown = drawer_data(quotation, 1, ARTICLE, ENGLISH)
    assert marked(shown) == OPENED and "Then rain." in text(shown)
    assert (shown["note"], shown["id"]) == ("", ARTICLE.id)


def test_words_that_have_moved_in_the_article_are_found_there(quotation: Entry) -> None:
    moved = replace(ARTICLE, title="Harbour, updated", text=f"New: a first paragraph.\n\n{OPENED} No ships.")
    shown = drawer_data(quotation, 1, moved, ENGLISH)
    assert marked(shown) == OPENED and "New: a first paragraph." in text(shown)
    assert (shown["note"], shown["title"]) == ("", "Harbour, updated")


@pytest.mark.parametrize(
    ("article", "note"),
    [
        (None, "This article is no longer in the library. Here is the passage as it was kept."),
        (
            replace(ARTICLE, text="Something else."),
            "This article has changed since. Here is the passage as it was kept.",
        ),
    ],
)
def test_without_its_article_the_passage_is_shown_as_it_was_kept(
    quotation: Entry, article: Article | None, note: str
) -> None:
    shown = drawer_data(quotation, 1, article, ENGLISH)
    assert (shown["note"], marked(shown), text(shown)) == (note, OPENED, CITED)
    assert shown["credits"] == ["Quay News", "9 March 2025", "English"]
