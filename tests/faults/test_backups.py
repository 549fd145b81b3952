"""Backups: when one is made, which are kept, and what they bring back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conversing import ScriptedConversations

from rag.conversations.database_file import MIGRATIONS
from rag.conversations.file_check import faults_of
from rag.ingestion.ingester import Ingester
from rag.store.backups import KEPT_BACKUPS, Backups
from rag.store.ledger_check import ledger_faults
from rag.store.ownership import Ownership
from rag.store.store import Store
from rag.testing import HashEmbedder


def age_by_a_year(backups: Backups) -> None:
    for old in reversed(backups.all()):
        stem, _, time = old.stem.rpartition("-")
        old.rename(old.with_stem(f"{stem}-{int(time[:4]) - 1}{time[4:]}"))


def test_two_good_backups_are_kept_and_no_more_often_than_the_interval(tmp_path: Path) -> None:
    file = tmp_path / "library.sqlite"
    with closing(sqlite3.connect(file)) as db:
        db.executescript("CREATE TABLE t (n); INSERT INTO t VALUES (1);")
        assert Backups(file).make()
        db.executescript("INSERT INTO t VALUES (2);")
        assert not Backups(file, timedelta(hours=1)).make(), "within the interval"
        at_once = Backups(file, timedelta(0))
        for _ in range(3):
            age_by_a_year(at_once)
            assert at_once.make()
        assert len(at_once.all()) == KEPT_BACKUPS
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xff" * 4096)
    age_by_a_year(at_once)
    assert not at_once.make(), "a damaged file displaces no good copy"
    assert len(at_once.all()) == KEPT_BACKUPS
    assert at_once.restore() is not None
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT n FROM t").fetchall() == [(1,), (2,)]


@pytest.mark.parametrize(("oldest", "kept"), [(11, timedelta(hours=11)), (13, timedelta(minutes=5))])
def test_one_of_the_two_backups_is_older(tmp_path: Path, oldest: int, kept: timedelta) -> None:
    file, now = tmp_path / "library.sqlite", datetime.now(UTC)
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE t (n)")
    made = Backups(file)
    (tmp_path / "backups").mkdir()
    for age in (timedelta(hours=oldest), timedelta(minutes=5)):
        shutil.copy(file, tmp_path / "backups" / f"library-{now - age:%Y%m%dT%H%M%SZ}.sqlite")
    assert made.make()
    _, older = made.all()
    assert older.name == f"library-{now - kept:%Y%m%dT%H%M%SZ}.sqlite"


@pytest.mark.parametrize("damage", ["gone", "emptied", "junk"])
def test_conversations_come_back_from_their_backup(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "conversations.sqlite"
    conversations = ScriptedConversations(path)
    conversation = conversations.asked("When?")
    conversations.close()
    conversations = ScriptedConversations(path)
    assert conversations.heads() and conversations.restored is None
    conversations.back_up()
    conversations.close()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"" if damage == "emptied" else b"junk" * 5000)
    conversations = ScriptedConversations(path)
    assert [head.id for head in conversations.heads()] == [conversation.id]
    assert conversations.restored is not None, "the page says so"
    conversations.close()


def test_half_a_backup_or_upload_of_a_killed_process_is_deleted(tmp_path: Path) -> None:
    folder, hours_ago = tmp_path / "data", time.time() - 7200
    for name in ("added", "backups"):
        (folder / name).mkdir(parents=True)
    abandoned = [folder / ".x.part", folder / "added" / ".y.part", folder / "backups" / ".z.sqlite.part-wal"]
    being_written = folder / "added" / ".new.part"
    for path in (*abandoned, being_written, folder / "added" / "notes.part"):
        path.write_text("half")
        os.utime(path, None if path == being_written else (hours_ago, hours_ago))
    Ownership(folder).release()
    assert not any(path.exists() for path in abandoned)
    assert being_written.exists() and (folder / "added" / "notes.part").exists()


def test_a_damaged_keyword_index_is_in_no_backup(tmp_path: Path, articles: Path) -> None:
    """SQLite's own check passes it."""
    with closing(Store(tmp_path, HashEmbedder())) as store:
        Ingester(store, HashEmbedder()).run([articles])
    with closing(ScriptedConversations(tmp_path / "conversations.sqlite")) as conversations:
        conversations.asked("When did the harbour open?")
    for file, index, faults in (
        ("library.sqlite", "keywords", ledger_faults),
        ("conversations.sqlite", "words", lambda db: faults_of(db, MIGRATIONS)),
    ):
        shutil.rmtree(tmp_path / "backups", ignore_errors=True)
        backups = Backups(tmp_path / file, timedelta(0), faults)
        assert backups.make() and backups.all()
        age_by_a_year(backups)
        with closing(sqlite3.connect(tmp_path / file)) as db, db:
            db.execute(f"DELETE FROM {index}_data WHERE id > 10")
        assert not backups.make()
        with closing(sqlite3.connect(backups.all()[0])) as db, db:
            db.execute(f"DELETE FROM {index}_data WHERE id > 10")
        assert backups.restore() is None
