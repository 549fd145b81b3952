"""Dates, sizes, times and lists for people; every text of the interface is whole."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from string import Formatter

import pytest
from ui_examples import ARTICLE

from rag.ui import wording
from rag.ui.strings import ENGLISH, LANGUAGES, strings


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_lists(items: list[str], text: str) -> None:
    assert wording.listed(items, ENGLISH) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (491_400_064, "491 MB"),
        (1_117_320_768, "1.12 GB"),
        (40_100_000_000, "40.1 GB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert wording.size(count, ENGLISH) == text


def test_times_and_dates() -> None:
    assert wording.seconds(180, ENGLISH) == "0.2 s"
    assert wording.seconds(12_400, ENGLISH) == "12 s"
    assert wording.day(date(2025, 3, 9), ENGLISH) == "9 March 2025"


@pytest.mark.parametrize(
    ("source", "outlet"),
    [
        ("/a/b/news.md", "news.md"),
        ("https://x.example/2025/story/", "story"),
        ("C:\\a\\b.txt", "b.txt"),
    ],
)
def test_an_article_without_an_outlet_is_named_by_its_file(source: str, outlet: str) -> None:
    bare = replace(ARTICLE, source=source, outlet=None, published=None, language="de")
    assert wording.credits(bare, ENGLISH) == [outlet, "de"]


def test_a_language_that_is_not_there_yet_is_english() -> None:
    assert strings("xx") is ENGLISH


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_text_is_there_and_has_the_same_places_to_fill(language: str) -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)}

    for field in fields(ENGLISH):
        english, text = getattr(ENGLISH, field.name), getattr(strings(language), field.name)
        assert len(text) > 0 and type(text) is type(english), field.name
        if isinstance(english, str):
            assert places(text) == places(english), field.name
        else:
            assert len(text) == len(english), field.name
