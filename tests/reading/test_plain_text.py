"""Markdown with its front matter, and plain text."""

from __future__ import annotations

from datetime import date

import pytest
from reading_examples import BODY, TITLES, article, whole

# Markdown

MARKDOWN = """---
title: "Island keeps its old ferry"
language: en-GB
published: 2021-03-12
source: The Coast Times
tags: [ferry, island]
---

# Island keeps its old ferry

The **council** of the *island* [voted](https://example.org/a_(b) "x") on Tuesday.[^1] ![boats](boats.jpg)
> It said `yes` to snake_case and 2*3*4 and \\*this\\*.

## What comes next ##

1. A new [pier][1]
- A **light**

| Day | Ferries |
|:----|--------:|
| Monday | __4__ |

Under the line
--------------
这是**重点**内容。<br>R&amp;D <!-- not this --> stays.

***

[1]: https://example.org
[^1]: By nine votes to two.
"""


def test_markdown_becomes_readable_text() -> None:
    found = article(MARKDOWN, ".md")
    assert found.title == "Island keeps its old ferry"
    assert (found.language, found.published, found.outlet) == ("en", date(2021, 3, 12), "The Coast Times")
    assert found.text.split("\n\n") == [
        "The council of the island voted on Tuesday.",
        "It said yes to snake_case and 2*3*4 and *this*.",
        "What comes next",
        "1. A new pier",
        "• A light",
        "Day | Ferries",
        "Monday | 4",
        "Under the line",
        "这是重点内容。R&D stays.",
        "By nine votes to two.",
    ]


@pytest.mark.parametrize(
    ("matter", "title"),
    [
        ("title: Ferry: a story: with colons\nlanguage: en", "Ferry: a story: with colons"),
        ("title: [broken\n  - yaml: : :", "The ferry stays. It runs every day."),
        ("title: 2021\ndate: 2021-13-45", "2021"),
        ("title: &a one\nother: *b", "The ferry stays. It runs every day."),
        ('title: "one\\ud800two"', "onetwo"),
        ("title: x\na: &a {b: 1}\nc:\n  <<: *a", "x"),
        ("title: deep\na: " + "[" * 1100, "deep"),
    ],
)
def test_broken_front_matter_never_loses_the_article(matter: str, title: str) -> None:
    found = article(f"---\n{matter}\n---\nThe ferry stays. It runs every day.\n", ".md")
    assert title.startswith(found.title)
    assert found.text == "The ferry stays. It runs every day."


def test_front_matter_that_nothing_closes_ends_where_the_text_begins() -> None:
    found = article("---\ntitle: Never closed\nlanguage: en\n\nThe ferry stays.\n\n---\n\nIt runs.\n", ".md")
    assert found.title == "Never closed"
    assert found.text == "The ferry stays.\n\nIt runs."


def test_rules_around_prose_are_no_front_matter() -> None:
    found = article("---\nThe ferry stays. Note: it runs.\n\n---\n\nEvery day of the year.\n", ".md")
    assert "Note: it runs." in found.text
    assert "Every day of the year." in found.text


def test_front_matter_states_no_day_to_come_and_no_nonsense() -> None:
    found = article("---\ntitle: x\ndate: 2999-01-01\nlanguage: 17\noutlet:\n---\nThe ferry stays.", ".md")
    assert (found.published, found.language, found.outlet) == (None, "en", None)


def test_an_address_as_source_names_its_host() -> None:
    found = article("---\ntitle: x\nsource: https://www.coast.example/a?b\n---\nThe ferry stays.", ".md")
    assert found.outlet == "coast.example"


def test_a_heading_is_the_title_where_no_front_matter_says_one() -> None:
    assert article("Island ferry\n============\n\nIt stays.", ".md").title == "Island ferry"
    found = article("# Island ferry\n\nIt stays.\n\n# Second part\n\nIt goes.", ".md")
    assert found.title == "Island ferry"
    assert found.text == "It stays.\n\nSecond part\n\nIt goes."


def test_a_heading_far_down_is_no_title() -> None:
    lines = "\n\n".join(BODY["en"])
    found = article(f"{lines}\n\n# Notes\n\nBy nine votes.", ".md")
    assert found.title != "Notes"
    assert "Notes\n\nBy nine votes." in found.text


def test_a_heading_that_is_not_the_title_stays() -> None:
    found = article("---\ntitle: Ferry\n---\n# The first winter\n\nIt was cold.", ".md")
    assert found.text == "The first winter\n\nIt was cold."


def test_code_stays_as_it_is() -> None:
    assert "x = **y**" in article("# T\n\nLook:\n\n```python\nx = **y**\n```\n", ".md").text


# Plain text


def test_a_line_for_every_paragraph() -> None:
    for gap in ("\n", "\n\n", "\r\n", "\n \n\n"):
        found = article(gap.join([TITLES["vi"], *BODY["vi"]]))
        assert found.text == "\n\n".join(BODY["vi"])


WRAPPED = """Island keeps its old ferry

The island council voted on Tuesday to keep the old ferry line open for
another five years. Mayor Ellen Marsh said that the decision would cost
about two million, most of it paid by the region, and thanked the crews.

Not everybody is content: two fishermen told the meeting that a well-
known berth of theirs is taken by the new pier. The council meets again
in May.
- bread and butter
- a second item of the list
"""


def test_lines_wrapped_to_a_width_become_paragraphs() -> None:
    paragraphs = article(WRAPPED).text.split("\n\n")
    assert len(paragraphs) == 4
    assert (
        "line open for another five years. Mayor Ellen Marsh said that the decision would cost about"
        in paragraphs[0]
    )
    assert "a well-known berth" in paragraphs[1]
    assert paragraphs[1].endswith("again in May.")
    assert paragraphs[2] == "- bread and butter"


def test_an_amount_at_the_beginning_of_a_wrapped_line_is_no_list_mark() -> None:
    lines = [
        "The island council voted on Tuesday to keep the ferry line for about",
        "3.5 million a year, most of which the region and the county will pay",
        "from next May on. The mayor said that the boats would be painted and",
        "that the crews would stay. Nobody has yet said who is to mend a pier",
        "that the storm of last October has broken.",
    ]
    assert article("\n".join([TITLES["en"], "", *lines])).text == " ".join(lines)


def test_wrapped_chinese_is_joined_without_spaces() -> None:
    text = "".join(BODY["zh"]) * 4
    lines = [text[at : at + 40] for at in range(0, len(text), 40)]
    assert article("\n".join(["旧渡轮", "", *lines])).text == text


def test_verse_is_not_joined() -> None:
    verse = ["The sea, the sea", "and nothing but the sea", "all day and all night long", "the sea"]
    assert article("\n".join(["A song", "", *verse])).text == "\n\n".join(verse)


def test_a_first_line_that_is_prose_is_not_lost_as_a_title() -> None:
    found = article(" ".join(BODY["en"]) + "\n\n" + BODY["en"][3])
    assert found.text.startswith(BODY["en"][0])
    assert found.title == BODY["en"][0]


def test_the_title_is_the_first_line_of_the_article_not_of_the_page() -> None:
    found = article("Home > News > Coast\n12 March 2021\n" + whole("en"))
    assert found.title == TITLES["en"]
    assert found.published == date(2021, 3, 12)
    assert found.text == "\n\n".join(BODY["en"])


def test_a_single_line_is_title_and_text() -> None:
    found = article("The ferry stays.")
    assert found.title == found.text == "The ferry stays."


def test_words_glued_together_stay_as_they_are() -> None:
    assert "theferry inharbour" in article("Title\n\nHe took theferry inharbour.").text
