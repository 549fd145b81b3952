"""A damaged conversations file: what can still be read stays, whatever the damage."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from conversing import ScriptedConversations

PAGE_BYTES = 4096
CONVERSATIONS = 30


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed file of many conversations."""
    conversations = ScriptedConversations(tmp_path / "conversations.sqlite")
    for n in range(CONVERSATIONS):
        conversations.asked(f"When did harbour {n} open?", "And the lighthouse?")
    conversations.close()
    return tmp_path / "conversations.sqlite"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "conversations.sqlite"
    conversations = ScriptedConversations(path)
    for n in range(CONVERSATIONS):
        conversations.asked(f"When did harbour {n} open?")
    conversations.close()
    return path.read_bytes()


def damage(path: Path, index: str) -> None:
    """Overwrite the first page of an index."""
    with closing(sqlite3.connect(path)) as db:
        ((page,),) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (index,))
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE_BYTES)
        file.write(b"\xff" * PAGE_BYTES)


def test_a_damaged_index_costs_no_conversation(path: Path) -> None:
    damage(path, "conversations_updated")
    with closing(ScriptedConversations(path)) as conversations:
        assert len(conversations.heads()) == CONVERSATIONS and conversations.aside is not None
        for head in conversations.heads():
            found = conversations.get(head.id)
            assert found is not None and len(found.exchanges) == 2
        assert conversations.search("lighthouse")


def test_later_conversations_are_added_to_the_backup(path: Path) -> None:
    with closing(ScriptedConversations(path)) as conversations:
        conversations.back_up()
        conversations.asked("A later one?")
    damage(path, "exchanges_of")
    with closing(ScriptedConversations(path)) as conversations:
        assert len(conversations.heads()) == CONVERSATIONS + 1
        assert conversations.restored is not None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE conversations SET created = '2026-11-', updated = 'x' WHERE rowid = 3",
        "UPDATE conversations SET chosen = '{\"\": ' WHERE rowid = 3",
        "UPDATE conversations SET title = CAST(x'ff48' AS TEXT) WHERE rowid = 3",
        "UPDATE exchanges SET record = CAST(x'7b22ff' AS TEXT) WHERE number = 3",
        "UPDATE exchanges SET record = '[1]' WHERE number = 3",
    ],
)
def test_a_spoiled_row_costs_no_other(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(sql)
    with closing(ScriptedConversations(path)) as conversations:
        assert len(conversations.heads()) == CONVERSATIONS and conversations.trouble is None
        assert (
            sum(len(conversations.get(head.id).exchanges) for head in conversations.heads())
            >= 2 * CONVERSATIONS - 1
        )


@pytest.mark.parametrize(
    ("name", "altered"), [(b"fts5", b"fts7"), (b"exchanges", b"exchangex"), (b"record", b"recerd")]
)
def test_an_altered_name_of_a_table_or_column_is_damage_and_mended(
    path: Path, name: bytes, altered: bytes
) -> None:
    """SQLite's own check passes them."""
    with closing(ScriptedConversations(path)) as conversations:
        conversations.back_up()
    path.write_bytes(path.read_bytes().replace(name, altered))
    with closing(ScriptedConversations(path)) as conversations:
        assert len(conversations.heads()) == CONVERSATIONS and conversations.trouble is None
        assert conversations.restored is not None
        assert conversations.search("lighthouse")


@pytest.mark.parametrize("record", ["CAST(x'7b22ff227d' AS TEXT)", "substr(record, 2)"])
def test_an_answer_that_cannot_be_read_comes_back_from_the_backup(path: Path, record: str) -> None:
    with closing(ScriptedConversations(path)) as conversations:
        conversations.back_up()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE exchanges SET record = {record} WHERE number = 3")
    with closing(ScriptedConversations(path)) as conversations:
        found = [conversations.get(head.id) for head in conversations.heads()]
        assert [len(each.exchanges) for each in found if each] == [2] * CONVERSATIONS


@pytest.mark.parametrize("seed", range(20))
def test_overwritten_bytes_stop_nothing(whole: bytes, tmp_path: Path, seed: int) -> None:
    chance, data = random.Random(seed), bytearray(whole)
    for _ in range(100):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path = tmp_path / "conversations.sqlite"
    path.write_bytes(data)
    with closing(ScriptedConversations(path)) as conversations:
        for head in conversations.heads():
            conversations.get(head.id)
        conversations.search("harbour")
        new = conversations.asked("A new one?")
        assert conversations.trouble is None
    with closing(ScriptedConversations(path)) as conversations:
        assert conversations.get(new.id) is not None


def test_a_damaged_file_of_an_earlier_version_keeps_its_titles(path: Path) -> None:
    with closing(ScriptedConversations(path)) as conversations:
        conversation = conversations.get(conversations.heads()[0].id)
        assert conversation is not None
        conversation.rename("The lighthouse")
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            "ALTER TABLE conversations DROP COLUMN pinned; ALTER TABLE conversations DROP COLUMN style;"
            "PRAGMA user_version = 1;"
        )
    damage(path, "exchanges_of")
    with closing(ScriptedConversations(path)) as conversations:
        assert len(conversations.heads()) == CONVERSATIONS
        assert "The lighthouse" in {head.title for head in conversations.heads()}
