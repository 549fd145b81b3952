"""What the drawer shows: the passage at its exact place, or the one that the answer kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_examples import ARTICLE, CITED, hit

from rag.ui.drawer import marked, payload
from rag.ui.strings import strings

ENGLISH = strings("en")


def highlighted(shown: dict[str, Any]) -> list[str]:
    return ["".join(p["t"] for p in line if p["mark"]) for line in shown["paragraphs"]]


def lines(shown: dict[str, Any]) -> list[str]:
    return ["".join(p["t"] for p in line) for line in shown["paragraphs"]]


def test_the_whole_article_with_exactly_the_passage_marked() -> None:
    shown = payload(hit(), ARTICLE, ENGLISH)
    assert lines(shown) == ["A quay was built.", CITED, "Then rain."]
    assert highlighted(shown) == ["", CITED, ""]
    assert shown["note"] == ""
    assert shown["credits"] == ["Quay News", "9 March 2025", "English"]
    assert shown["source"] == "/library/en/harbour.md"


def test_a_passage_over_two_paragraphs_is_marked_in_both() -> None:
    shown = payload(hit("ships came 🚢 in.\n\nThen"), ARTICLE, ENGLISH)
    assert highlighted(shown) == ["", "ships came 🚢 in.", "Then"]


@pytest.mark.parametrize(
    ("article", "said"),
    [
        (None, ENGLISH.article_gone),
        (replace(ARTICLE, text="All is new here."), ENGLISH.article_changed),
        (replace(ARTICLE, text=f"Oh. {ARTICLE.text}"), ENGLISH.article_changed),
    ],
)
def test_the_kept_passage_where_the_article_has_gone_or_changed(article: Any, said: str) -> None:
    shown = payload(hit(), article, ENGLISH)
    assert (shown["note"], lines(shown), highlighted(shown)) == (said, [CITED], [CITED])


@given(st.text(alphabet="ab🚢\n", max_size=40), st.data())
def test_the_marked_letters_are_those_between_start_and_end(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    pieces = [piece for line in marked(text, start, end) for piece in line]
    assert "".join(p["t"] for p in pieces if p["mark"]) == text[start:end].replace("\n", "")
    assert "".join(p["t"] for p in pieces) == text.replace("\n", "")
