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
from conversing import Shelf, Slow, last, reopened, until
from ui_examples import answer

from rag.conversations import Rating
from rag.conversations.exchange import from_json, to_json
from rag.conversations.rows import PURGE_AFTER
from rag.conversations.summaries import now
from rag.events import Answered

pytestmark = pytest.mark.slow  # waits for a locked file


def titles(shelf: Shelf, text: str) -> list[str]:
    return [found.head.title for found in shelf.search(text)]


def test_the_kind_of_a_question_and_what_it_offers_are_there_after_a_restart(shelf: Shelf) -> None:
    hello = answer("Hello!", sentences=(), kind="greeting", offers=("Which are the latest articles?",))
    shelf.ask = lambda *_: iter([Answered(replace(hello, hits=(), model=""))])
    before = last(conversation := shelf.asked("hi"))
    assert (before.kind, before.offers, before.model) == ("greeting", hello.offers, "small")
    assert last(reopened(shelf, conversation)) == before


def test_an_exchange_of_an_earlier_version_is_about_what_the_articles_say(shelf: Shelf) -> None:
    record = json.loads(to_json(last(shelf.asked("When?"))))
    del record["kind"], record["offers"]
    assert (from_json(json.dumps(record)).kind, from_json(json.dumps(record)).offers) == ("content", ())


def test_everything_is_there_after_a_restart(shelf: Shelf) -> None:
    conversation = shelf.asked("When?", "Where?")
    conversation.ask("Who?", "small", instead=last(conversation).id)
    until(lambda: last(conversation).digest != "")
    conversation.choose(conversation.versions(last(conversation).id)[0])
    conversation.rate(last(conversation).id, Rating(good=True))
    conversation.rename("The harbour")
    before = conversation.exchanges
    found = reopened(shelf, conversation)
    assert found.exchanges == before and found.head == conversation.head
    assert len(found.versions(before[-1].id)) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_conversations_are_for_their_user_alone(shelf: Shelf, path: Path) -> None:
    shelf.asked("When?")
    shelf.heads()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_words_are_in_the_file_while_they_come_and_cut_off_after_a_crash(shelf: Shelf, path: Path) -> None:
    shelf.ask = ask = Slow()
    conversation = shelf.new()
    conversation.ask("When did the harbour open?", "small")
    ask.go.release()

    shelf.heads()  # the file is there now

    def written() -> list[tuple[str]]:
        with sqlite3.connect(path) as db:
            return db.execute("SELECT record ->> 'text' FROM exchanges").fetchall()

    until(lambda: written() == [("It ",)])
    after = Shelf(path)  # as a new process finds it
    found = after.get(conversation.id)
    assert found is not None and (last(found).state, last(found).text) == ("cut_off", "It ")
    assert titles(after, "harbour") == ["When did the harbour open?"]
    after.close()
    ask.go.release(2)


def test_the_list_has_the_newest_first_and_no_empty_or_deleted_ones(shelf: Shelf) -> None:
    one, two, three = shelf.asked("One?"), shelf.asked("Two?"), shelf.asked("Three?")
    shelf.new()
    two.delete()
    one.ask("More?", "small")
    assert [head.title for head in shelf.heads()] == ["One?", "Three?"]
    two.delete(undo=True)
    until(lambda: not one.busy)
    assert [head.title for head in shelf.heads()] == ["One?", "Three?", "Two?"]
    assert [head.title for head in shelf.heads(2)] == ["One?", "Three?"]
    assert three.head.deleted is None


def test_what_was_deleted_can_be_taken_back_for_a_while_and_is_then_gone(shelf: Shelf, path: Path) -> None:
    conversation = shelf.asked("When did the harbour open?")
    conversation.delete()
    found = reopened(shelf, conversation)
    assert found.head.deleted is not None
    with sqlite3.connect(path) as db:
        db.execute(
            "UPDATE conversations SET deleted = ?", ((now() - PURGE_AFTER - timedelta(1)).isoformat(),)
        )
    after = Shelf(path)
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
def test_search_folds_words_as_the_library_does(shelf: Shelf, question: str, wanted: str) -> None:
    shelf.asked(question)
    shelf.asked("Nothing of the kind")
    assert titles(shelf, wanted) == [question]


def test_search_reads_answers_of_all_versions_titles_and_says_where(shelf: Shelf) -> None:
    shelf.ask = lambda *_: iter([Answered(answer("Long ago. The lighthouse opened first, then the quay."))])
    conversation = shelf.asked("When?")
    conversation.rename("Kestrel Bay")
    (found,) = shelf.search("lighthouse")
    assert found.excerpt == "When? Long ago. The lighthouse opened first, then the quay."
    assert titles(shelf, "kestrel") == titles(shelf, "quay lighthouse") == ["Kestrel Bay"]
    assert titles(shelf, "lighthouse keeper") == titles(shelf, "  ") == titles(shelf, '"') == []
    conversation.delete()
    assert titles(shelf, "lighthouse") == titles(shelf, "kestrel") == []


def test_what_was_rated_down_is_listed(shelf: Shelf) -> None:
    conversation = shelf.asked("When?", "Where?")
    first, second = conversation.exchanges
    conversation.rate(first.id, Rating(good=False, note="no"))
    conversation.rate(second.id, Rating(good=True))
    assert [(head.id, e.question) for head, e in shelf.rated(good=False)] == [(conversation.id, "When?")]


def test_only_so_many_are_held_in_memory_but_always_those_that_are_being_answered(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.conversations.manager.MAX_LOADED_CONVERSATIONS", 2)
    shelf.ask = ask = Slow()
    running = shelf.new()
    running.ask("When?", "small")
    for _ in range(4):
        shelf.new()
    assert shelf.get(running.id) is running and len(shelf._loaded) == 2
    ask.go.release(3)
