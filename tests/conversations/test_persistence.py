"""Conversations in their file: after a restart, beside faults, searched."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conversing import ScriptedConversations, Slow, last, reopened, until
from ui_examples import answer

from rag.conversations import Rating
from rag.conversations.exchange import from_json, to_json
from rag.conversations.rows import PURGE_AFTER
from rag.conversations.summaries import now
from rag.events import Answered

pytestmark = pytest.mark.slow  # waits for a locked file


def titles(conversations: ScriptedConversations, text: str) -> list[str]:
    return [found.head.title for found in conversations.search(text)]


def test_the_kind_of_a_question_and_what_it_offers_are_there_after_a_restart(
    conversations: ScriptedConversations,
) -> None:
    hello = answer("Hello!", sentences=(), kind="greeting", offers=("Which are the latest articles?",))
    conversations.ask = lambda *_: iter([Answered(replace(hello, hits=(), model=""))])
    before = last(conversation := conversations.asked("hi"))
    assert (before.kind, before.offers, before.model) == ("greeting", hello.offers, "small")
    assert last(reopened(conversations, conversation)) == before


def test_an_exchange_of_an_earlier_version_is_about_what_the_articles_say(
    conversations: ScriptedConversations,
) -> None:
    record = json.loads(to_json(last(conversations.asked("When?"))))
    del record["kind"], record["offers"]
    assert (from_json(json.dumps(record)).kind, from_json(json.dumps(record)).offers) == ("content", ())


def test_everything_is_there_after_a_restart(conversations: ScriptedConversations) -> None:
    conversation = conversations.asked("When?", "Where?")
    conversation.ask("Who?", "small", instead=last(conversation).id)
    until(lambda: last(conversation).digest != "")
    conversation.choose(conversation.versions(last(conversation).id)[0])
    conversation.rate(last(conversation).id, Rating(good=True))
    conversation.rename("The harbour")
    before = conversation.exchanges
    found = reopened(conversations, conversation)
    assert found.exchanges == before and found.head == conversation.head
    assert len(found.versions(before[-1].id)) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_conversations_are_for_their_user_alone(conversations: ScriptedConversations, path: Path) -> None:
    conversations.asked("When?")
    conversations.heads()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_words_are_in_the_file_while_they_come_and_cut_off_after_a_crash(
    conversations: ScriptedConversations, path: Path
) -> None:
    conversations.ask = ask = Slow()
    conversation = conversations.new()
    conversation.ask("When did the harbour open?", "small")
    ask.go.release()

    conversations.heads()  # the file is there now

    def written() -> list[tuple[str]]:
        with sqlite3.connect(path) as db:
            return db.execute("SELECT record ->> 'text' FROM exchanges").fetchall()

    until(lambda: written() == [("It ",)])
    after = ScriptedConversations(path)  # as a new process finds it
    found = after.get(conversation.id)
    assert found is not None and (last(found).state, last(found).text) == ("cut_off", "It ")
    assert titles(after, "harbour") == ["When did the harbour open?"]
    after.close()
    ask.go.release(2)


def test_the_list_has_the_newest_first_and_no_empty_or_deleted_ones(
    conversations: ScriptedConversations,
) -> None:
    one, two, three = conversations.asked("One?"), conversations.asked("Two?"), conversations.asked("Three?")
    conversations.new()
    two.delete()
    one.ask("More?", "small")
    assert [head.title for head in conversations.heads()] == ["One?", "Three?"]
    two.delete(undo=True)
    until(lambda: not one.busy)
    assert [head.title for head in conversations.heads()] == ["One?", "Three?", "Two?"]
    assert [head.title for head in conversations.heads(2)] == ["One?", "Three?"]
    assert three.head.deleted is None


def test_what_was_deleted_can_be_taken_back_for_a_while_and_is_then_gone(
    conversations: ScriptedConversations, path: Path
) -> None:
    conversation = conversations.asked("When did the harbour open?")
    conversation.delete()
    found = reopened(conversations, conversation)
    assert found.head.deleted is not None
    with sqlite3.connect(path) as db:
        db.execute(
            "UPDATE conversations SET deleted = ?", ((now() - PURGE_AFTER - timedelta(1)).isoformat(),)
        )
    after = ScriptedConversations(path)
    assert after.get(conversation.id) is None
    assert after._rows("SELECT * FROM exchanges") == after._rows("SELECT * FROM words") == []
    after.close()


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("When did the harbours open?", "harbour"),
        ("When did the harbours open?", "HARB"),
        ("加拿大驻越南大使是谁?", "大使"),
        ("Когда открылась библиотека?", "библиотеки"),
        ("Quand la bibliothèque ferme-t-elle ?", "bibliotheque"),
        ("Cầu Đá Xanh thông xe khi nào?", "da xanh"),
        ("What did it cost, 42 million?", "42"),
    ],
)
def test_search_folds_words_as_the_library_does(
    conversations: ScriptedConversations, question: str, wanted: str
) -> None:
    conversations.asked(question)
    conversations.asked("Nothing of the kind")
    assert titles(conversations, wanted) == [question]


def test_search_reads_answers_of_all_versions_titles_and_says_where(
    conversations: ScriptedConversations,
) -> None:
    conversations.ask = lambda *_: iter(
        [Answered(answer("Long ago. The lighthouse opened first, then the quay."))]
    )
    conversation = conversations.asked("When?")
    conversation.rename("Kestrel Bay")
    (found,) = conversations.search("lighthouse")
    assert found.excerpt == "When? Long ago. The lighthouse opened first, then the quay."
    assert titles(conversations, "kestrel") == titles(conversations, "quay lighthouse") == ["Kestrel Bay"]
    assert (
        titles(conversations, "lighthouse keeper")
        == titles(conversations, "  ")
        == titles(conversations, '"')
        == []
    )
    conversation.delete()
    assert titles(conversations, "lighthouse") == titles(conversations, "kestrel") == []


def test_what_was_rated_down_is_listed(conversations: ScriptedConversations) -> None:
    conversation = conversations.asked("When?", "Where?")
    first, second = conversation.exchanges
    conversation.rate(first.id, Rating(good=False, note="no"))
    conversation.rate(second.id, Rating(good=True))
    assert [(head.id, e.question) for head, e in conversations.rated(good=False)] == [
        (conversation.id, "When?")
    ]


def test_only_so_many_are_held_in_memory_but_always_those_that_are_being_answered(
    conversations: ScriptedConversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.conversations.manager.MAX_LOADED_CONVERSATIONS", 2)
    conversations.ask = ask = Slow()
    running = conversations.new()
    running.ask("When?", "small")
    for _ in range(4):
        conversations.new()
    assert conversations.get(running.id) is running and len(conversations._loaded) == 2
    ask.go.release(3)
