"""What a conversation has besides its questions: a place on top of the list, and how it is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from conversing import ScriptedConversations, last, until
from ui_examples import answer

from rag.conversations import Answers, Conversations
from rag.events import Answered, Event
from rag.types import AnswerStyle

BRITISH = AnswerStyle(length="long", instructions="For readers of a daily, British spelling")


def test_pinned_conversations_stay_on_top_also_after_a_restart(conversations: ScriptedConversations) -> None:
    one, _, three = conversations.asked("One?"), conversations.asked("Two?"), conversations.asked("Three?")
    one.pin()
    assert [head.title for head in conversations.heads()] == ["One?", "Three?", "Two?"]
    conversations.close()
    after = ScriptedConversations(conversations.place)
    assert [(head.title, head.pinned) for head in after.heads(2)] == [("One?", True), ("Three?", False)]
    found = after.get(one.id)
    assert found is not None
    found.pin(False)
    assert [head.title for head in after.heads()] == ["Three?", "Two?", "One?"]
    assert three.head.pinned is False
    after.close()


def test_conversations_of_an_earlier_version_are_read_and_not_pinned(path: Path) -> None:
    first = ScriptedConversations(path)
    conversation = first.asked("When?")
    first.close()
    with sqlite3.connect(path) as db:
        db.executescript(
            "ALTER TABLE conversations DROP COLUMN pinned;"
            "ALTER TABLE conversations DROP COLUMN style; ALTER TABLE conversations DROP COLUMN person;"
            "ALTER TABLE conversations DROP COLUMN revision; DROP INDEX exchanges_written;"
            "ALTER TABLE exchanges DROP COLUMN process;"
            "PRAGMA user_version = 1;"
        )
    after = ScriptedConversations(path)
    assert [(head.id, head.pinned) for head in after.heads()] == [(conversation.id, False)]
    after.close()


def test_a_conversation_is_answered_in_its_style_also_after_a_restart(path: Path) -> None:
    asked: list[AnswerStyle] = []

    def ask(*about: object) -> Iterator[Event]:
        asked.append(about[-1])  # type: ignore[arg-type]
        return iter((Answered(answer()),))

    first = Conversations(path, Answers(ask))
    conversation = first.new(BRITISH)
    conversation.ask("When?", "small")
    until(lambda: not conversation.busy)
    first.close()
    second = Conversations(path, Answers(ask))
    found = second.get(conversation.id)
    assert found is not None
    assert (found.head.style, last(found).style) == (BRITISH, BRITISH)
    found.ask("Where?", "small")
    found.write_as(AnswerStyle(length="short"))
    found.ask("Who?", "small")
    until(lambda: not found.busy)
    second.close()
    assert asked == [BRITISH, BRITISH, AnswerStyle(length="short")]
