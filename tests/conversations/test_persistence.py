"""Conversations in their file: after a restart, beside faults, searched."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conversing import Shelf, Slow, last, until
from ui_examples import answer

from rag.conversations import Conversation, Rating
from rag.conversations.exchange import from_json, to_json
from rag.conversations.rows import PURGE_AFTER
from rag.conversations.summaries import now
from rag.events import Answered
from rag.locales.catalogue import LOCALES
from rag.locales.message import render_all

pytestmark = pytest.mark.slow  # waits for a locked file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.sqlite"


@pytest.fixture
def shelf(path: Path) -> Iterator[Shelf]:
    opened = Shelf(path)
    yield opened
    opened.close()


def reopened(shelf: Shelf, conversation: Conversation) -> Conversation:
    """The conversation as the next start of the app finds it."""
    shelf.close()
    found = Shelf(shelf._file.path).get(conversation.id)
    assert found is not None
    return found


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


def test_a_locked_file_is_told_and_written_later(shelf: Shelf, path: Path) -> None:
    shelf.asked("Before?")
    shelf._writer.flush()
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    conversation = shelf.asked("When?")
    until(lambda: shelf.trouble == "locked")
    assert last(conversation).state == "answered" and len(shelf.heads()) == 2
    other.rollback()
    other.close()
    until(lambda: shelf.trouble is None)
    assert reopened(shelf, conversation).exchanges == conversation.exchanges


def test_a_full_disk_is_told_and_the_answer_stays_in_memory(shelf: Shelf) -> None:
    shelf.asked("Before?")
    shelf._writer.flush()
    with shelf._file.transaction() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    _, writer = shelf._file._open()
    writer.execute(f"PRAGMA max_page_count = {pages}")
    shelf.ask = lambda *_: iter([Answered(answer("word " * 20_000))])
    conversation = shelf.asked("When?")
    until(lambda: shelf.trouble == "full")
    assert shelf.get(conversation.id) is conversation and last(conversation).state == "answered"
    writer.execute("PRAGMA max_page_count = 1000000")
    until(lambda: shelf.trouble is None)
    assert reopened(shelf, conversation).exchanges == conversation.exchanges


@pytest.mark.parametrize("junk", [b"not a database" * 100, b""])
def test_a_damaged_file_is_moved_aside_and_a_new_one_begun(path: Path, junk: bytes) -> None:
    path.write_bytes(junk)
    shelf = Shelf(path)
    assert shelf.heads() == []
    conversation = shelf.asked("When?")
    assert (shelf.aside is not None) == bool(junk)
    assert shelf.aside is None or shelf.aside.read_bytes() == junk
    assert reopened(shelf, conversation).exchanges


def test_a_file_that_is_damaged_inside_is_moved_aside(shelf: Shelf, path: Path) -> None:
    for n in range(20):
        shelf.asked(f"Question {n}?")
    shelf.close()
    whole = bytearray(path.read_bytes())
    whole[8192:16384] = b"\xff" * 8192
    path.write_bytes(whole)
    after = Shelf(path)
    assert {head.title for head in after.heads()} == {f"Question {n}?" for n in range(20)}, "what is readable"
    assert after.aside is not None and after.aside.read_bytes() == bytes(whole)
    assert after.trouble is None
    after.close()


def test_a_file_of_a_newer_byline_is_left_alone(shelf: Shelf, path: Path) -> None:
    shelf.asked("When?")
    shelf.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    after = Shelf(path)
    conversation = after.asked("Where?")
    assert after.heads() and after.trouble == "newer" and last(conversation).state == "answered"
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM exchanges").fetchone() == (1,)


def test_a_folder_that_may_not_be_written_keeps_nobody_from_asking(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "missing" / "conversations.sqlite")
    conversation = shelf.asked("When?")
    until(lambda: shelf.trouble == "denied")
    assert last(conversation).state == "answered" and shelf.get(conversation.id) is conversation


def test_an_exchange_that_cannot_be_read_is_left_out_and_the_rest_shown(shelf: Shelf, path: Path) -> None:
    conversation = shelf.asked("When?", "Where?")
    shelf.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE exchanges SET record = '{}' WHERE number = 2")
    found = Shelf(path).get(conversation.id)
    assert found is not None and [e.question for e in found.exchanges] == ["When?"]


def test_records_of_an_older_byline_are_read(path: Path, shelf: Shelf) -> None:
    conversation = shelf.asked("When?")
    shelf.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE exchanges SET record = json_remove(record, '$.translations', '$.options')")
        db.execute("UPDATE exchanges SET record = json_set(record, '$.of_another_time', 1)")
    found = Shelf(path).get(conversation.id)
    assert found is not None and last(found).options == {} and last(found).translations == ()


OLD = {
    "id": "e1", "question": "When?", "model": "m", "parent": None, "asked": "2026-11-01T12:00:00Z",
    "filters": {"languages": [], "since": None, "until": None, "sources": []}, "state": "failed",
    "hits": [], "unused": [], "text": "In May.", "thinking": "", "language": "fr",
    "sentences": [
        {"text": "In May.", "citations": [1], "support": "partly", "added": False, "reason": "no passage says"},
        {"text": "So.", "citations": [1], "support": "supported", "added": False, "reason": ""},
    ],
    "timings": {"retrieve_ms": 1.0, "first_token_ms": None, "total_ms": 2.0},
    "warnings": ["The answer was cut."], "searched": "", "advice": ["Essayez sans filtres."],
    "message": "The engine broke off.", "prompt": [], "prompt_tokens": None, "options": {}, "digest": "",
    "rating": None,
    "translations": [
        {"n": 1, "language": "vi", "model": "m", "text": "", "running": False, "stopped": False,
         "failure": "The model is gone."},
    ],
}  # fmt: skip
"""An exchange as version 0.1 stored it: its messages are texts."""


def test_messages_of_version_0_1_are_shown_as_they_were_stored() -> None:
    found = from_json(json.dumps(OLD))
    assert (found.question, str(found.message)) == ("When?", "The engine broke off.")
    for language in LOCALES:
        assert render_all(found.warnings + found.advice, language) == [*OLD["warnings"], *OLD["advice"]]
    assert [str(sentence.reason or "") for sentence in found.sentences] == ["no passage says", ""]
    assert str(found.translations[0].failure) == "The model is gone."
    assert from_json(to_json(found)) == found


def test_a_failure_of_version_0_1_without_words_has_no_message() -> None:
    assert from_json(json.dumps(OLD | {"message": ""})).message is None


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
