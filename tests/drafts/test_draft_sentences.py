"""Which sentences of a draft are looked up, and where they stand."""

from __future__ import annotations

import pytest

from rag.drafts.draft_sentences import draft_sentences


def test_a_sentence_stands_where_it_says_without_its_bullet() -> None:
    draft = "# Notes\n\n- The bridge opened on 3 May 2021.\n- Elle a coûté 14 millions d'euros à la ville.\n"
    found = draft_sentences(draft)
    assert [draft[one.start : one.end] for one in found] == [one.text for one in found]
    assert [one.text for one in found][1:] == [
        "The bridge opened on 3 May 2021.",
        "Elle a coûté 14 millions d'euros à la ville.",
    ]
    assert [one.language for one in found][1:] == ["en", "fr"]


def test_a_sentence_that_refers_back_is_searched_with_the_one_before() -> None:
    first, second = draft_sentences("Ida Brandt leads the harbour. She was named in 2019.")
    assert first.sought == first.text
    assert second.sought == "Ida Brandt leads the harbour. She was named in 2019."


@pytest.mark.parametrize(
    ("text", "checkable"),
    [
        ("The works cost 42 million crowns.", True),
        ("Ida Brandt spoke to the press.", True),
        ("2020年12月25日,两国签署协定。", True),
        ("Did the works cost 42 million crowns?", False),
        ("工程花了4200万吗?", False),
        ("Good morning to you all.", False),
        ("It was a quiet day, as so often.", False),
        ("May 2021", False),
    ],
)
def test_only_statements_with_a_figure_a_date_or_a_name_are_looked_up(text: str, checkable: bool) -> None:
    (sentence,) = draft_sentences(text)
    assert sentence.checkable is checkable


def test_a_heading_is_passed_over() -> None:
    heading, sentence = draft_sentences(
        "Kestrel Bay in 2021\n\nKestrel Bay opened again on Monday, 3 May 2021."
    )
    assert (heading.checkable, sentence.checkable) == (False, True)
