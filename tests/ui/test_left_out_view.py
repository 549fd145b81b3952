"""What the drawer says of the lines that an article has not."""

from __future__ import annotations

import pytest
from ui_examples import ARTICLE

from rag.locales.catalogue import LOCALES
from rag.store.left_out import ReadingRecord
from rag.types import LeftOut
from rag.ui.left_out_view import MAX_LINES, payload
from rag.ui.strings import strings

LINES = (LeftOut("Share", "notice"), LeftOut("Home", "menu"))
STEPS = [
    "menu",
    "date",
    "notice",
    "link",
    "end",
    "title",
    "hidden",
    "box",
    "caption",
    "page",
    "margin",
    "signature",
]


def test_lines_are_counted_and_each_says_why_it_went() -> None:
    shown = payload(ReadingRecord(ARTICLE, LINES, False), strings("en"))
    assert shown["status"] == "2 lines left out"
    assert shown["lines"][1] == {"t": "Home", "why": "an entry of a menu"}
    assert (shown["offer"], shown["as_is"]) == ("Take it as it is", True)


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1 строка опущена"), (3, "3 строки опущены"), (12, "12 строк опущено")]
)
def test_the_count_has_its_plural_form(n: int, said: str) -> None:
    assert payload(ReadingRecord(ARTICLE, LINES[:1] * n, False), strings("ru"))["status"] == said


@pytest.mark.parametrize("language", LOCALES)
def test_every_step_is_said_in_words(language: str) -> None:
    record = ReadingRecord(ARTICLE, tuple(LeftOut("x", step) for step in STEPS), False)
    words = [line["why"] for line in payload(record, strings(language))["lines"]]
    assert len({*words}) == len(STEPS) and not any("left_out" in word for word in words)


def test_what_is_not_known_and_what_was_taken_as_it_is() -> None:
    s = strings("en")
    assert payload(ReadingRecord(ARTICLE, None, False), s)["status"] == s.drawer.left_out_unknown
    assert payload(ReadingRecord(ARTICLE, (), False), s)["status"] == s.drawer.left_out_none
    taken = payload(ReadingRecord(ARTICLE, (), True), s)
    assert (taken["status"], taken["offer"], taken["as_is"]) == (
        s.drawer.taken_as_is,
        "Clean it again",
        False,
    )


def test_no_more_lines_are_sent_than_a_page_can_bear() -> None:
    shown = payload(ReadingRecord(ARTICLE, LINES[:1] * (MAX_LINES + 2), False), strings("en"))
    assert (len(shown["lines"]), shown["more"]) == (MAX_LINES, "2 more lines")
