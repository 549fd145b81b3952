"""Conversations whose file is locked, damaged, full, or of another version."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from conversing import ScriptedConversations, last, reopened, until
from ui_examples import answer

from rag.conversations.exchange import from_json, to_json
from rag.events import Answered
from rag.locales.catalogue import LOCALES
from rag.locales.message import render_all

pytestmark = pytest.mark.slow  # waits for a locked file


def test_a_locked_file_is_reported_and_written_later(
    conversations: ScriptedConversations, path: Path
) -> None:
    conversations.asked("Before?")
    conversations._writer.flush()
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    conversation = conversations.asked("When?")
    until(lambda: conversations.trouble == "locked")
    assert last(conversation).state == "answered" and len(conversations.heads()) == 2
    other.rollback()
    other.close()
    until(lambda: conversations.trouble is None)
    assert reopened(conversations, conversation).exchanges == conversation.exchanges


@pytest.mark.sqlite
def test_a_full_disk_is_reported_and_the_answer_stays_in_memory(conversations: ScriptedConversations) -> None:
    conversations.asked("Before?")
    conversations._writer.flush()
    with conversations._tables.transaction() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    _, writer = conversations._tables._open()
    writer.execute(f"PRAGMA max_page_count = {pages}")
    conversations.ask = lambda *_: iter([Answered(answer("word " * 20_000))])
    conversation = conversations.asked("When?")
    until(lambda: conversations.trouble == "full")
    assert conversations.get(conversation.id) is conversation and last(conversation).state == "answered"
    writer.execute("PRAGMA max_page_count = 1000000")
    until(lambda: conversations.trouble is None)
    assert reopened(conversations, conversation).exchanges == conversation.exchanges


@pytest.mark.parametrize("junk", [b"not a database" * 100, b""])
def test_a_damaged_file_is_moved_aside_and_a_new_one_begun(path: Path, junk: bytes) -> None:
    path.write_bytes(junk)
    conversations = ScriptedConversations(path)
    assert conversations.heads() == []
    conversation = conversations.asked("When?")
    assert (conversations.aside is not None) == bool(junk)
    assert conversations.aside is None or conversations.aside.read_bytes() == junk
    assert reopened(conversations, conversation).exchanges


def test_a_file_that_is_damaged_inside_is_moved_aside(
    conversations: ScriptedConversations, path: Path
) -> None:
    for n in range(20):
        conversations.asked(f"Question {n}?")
    conversations.close()
    whole = bytearray(path.read_bytes())
    whole[8192:16384] = b"\xff" * 8192
    path.write_bytes(whole)
    after = ScriptedConversations(path)
    assert {head.title for head in after.heads()} == {f"Question {n}?" for n in range(20)}, "what is readable"
    assert after.aside is not None and after.aside.read_bytes() == bytes(whole)
    assert after.trouble is None
    after.close()


def test_a_file_of_a_newer_byline_is_left_alone(conversations: ScriptedConversations, path: Path) -> None:
    conversations.asked("When?")
    conversations.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    after = ScriptedConversations(path)
    conversation = after.asked("Where?")
    assert after.heads() and after.trouble == "newer" and last(conversation).state == "answered"
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM exchanges").fetchone() == (1,)


def test_a_folder_that_may_not_be_written_keeps_nobody_from_asking(tmp_path: Path) -> None:
    conversations = ScriptedConversations(tmp_path / "missing" / "conversations.sqlite")
    conversation = conversations.asked("When?")
    until(lambda: conversations.trouble == "denied")
    assert last(conversation).state == "answered" and conversations.get(conversation.id) is conversation


def test_an_exchange_that_cannot_be_read_is_left_out_and_the_rest_shown(
    conversations: ScriptedConversations, path: Path
) -> None:
    conversation = conversations.asked("When?", "Where?")
    conversations.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE exchanges SET record = '{}' WHERE number = 2")
    found = ScriptedConversations(path).get(conversation.id)
    assert found is not None and [e.question for e in found.exchanges] == ["When?"]


def test_records_of_an_older_byline_are_read(path: Path, conversations: ScriptedConversations) -> None:
    conversation = conversations.asked("When?")
    conversations.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE exchanges SET record = json_remove(record, '$.translations', '$.options')")
        db.execute("UPDATE exchanges SET record = json_set(record, '$.of_another_time', 1)")
    found = ScriptedConversations(path).get(conversation.id)
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
