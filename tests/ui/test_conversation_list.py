"""What the list of conversations shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rag.conversations import ConversationMatch, Head
from rag.ui.conversation_list import date_heading, payload
from rag.ui.strings import strings

ENGLISH = strings("en")
NOW = datetime(2025, 3, 9, 1, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def found(id: str, age: timedelta = timedelta(0), excerpt: str = "") -> ConversationMatch:
    return ConversationMatch(Head(id=id, title=f"Title {id}", updated=NOW.astimezone(UTC) - age), excerpt)


@pytest.mark.parametrize(
    ("age", "title"),
    [
        (timedelta(hours=1), "Today"),
        (timedelta(hours=2), "Yesterday"),  # 23:30 the day before where the reader is, 16:30 the same in UTC
        (timedelta(days=7), "Previous 7 days"),
        (timedelta(days=8), "March 2025"),
        (timedelta(days=40), "January 2025"),
        (timedelta(hours=-3), "Today"),
    ],
)
def test_days_are_those_of_the_reader(age: timedelta, title: str) -> None:
    assert date_heading(found("a", age).head.updated, NOW, ENGLISH) == title


@pytest.mark.parametrize(
    ("language", "month"),
    [("fr", "Janvier 2025"), ("ru", "Январь 2025\u202fг."), ("zh", "2025年1月"), ("vi", "Tháng 1 năm 2025")],
)
def test_months_in_the_interfaces_language(language: str, month: str) -> None:
    assert date_heading(datetime(2025, 1, 3, tzinfo=UTC), NOW, strings(language)) == month


def test_the_list_in_groups_with_those_that_are_being_answered() -> None:
    shown = payload([found("a"), found("b", timedelta(days=3))], "", frozenset({"b"}), NOW, ENGLISH)
    assert [group["title"] for group in shown["groups"]] == ["Today", "Previous 7 days"]
    rows = [row for group in shown["groups"] for row in group["rows"]]
    assert [(row["title"], row["busy"]) for row in rows] == [("Title a", ""), ("Title b", "being answered")]
    assert rows[0]["more"] == "More about “Title a”"


def test_pinned_conversations_have_a_heading_of_their_own() -> None:
    pinned = found("b", timedelta(days=3))
    kept = replace(pinned, head=replace(pinned.head, pinned=True))
    shown = payload([kept, found("a")], "", frozenset(), NOW, ENGLISH)
    assert [group["title"] for group in shown["groups"]] == ["Pinned", "Today"]
    assert [row["pinned"] for group in shown["groups"] for row in group["rows"]] == [True, False]


def test_what_a_search_found_is_one_group_and_says_where() -> None:
    some = payload([found("a", excerpt="the harbour opened")], "harbour", frozenset(), NOW, ENGLISH)
    assert [group["title"] for group in some["groups"]] == [""]
    assert some["groups"][0]["rows"][0]["excerpt"] == "the harbour opened" and some["note"] == ""
    assert payload([], "harbour", frozenset(), NOW, ENGLISH)["note"] == ENGLISH.conversations.nothing_said
    assert payload([], "", frozenset(), NOW, ENGLISH)["note"] == ENGLISH.conversations.no_conversations
