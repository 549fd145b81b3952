"""A library is copied from SQLite into PostgreSQL and back, with interruptions, and is the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import databases
import pytest

from rag.errors import LibraryDamaged, NotPermitted
from rag.ingestion.ingester import Ingester
from rag.progress import Progress
from rag.store import row_copy
from rag.store.article_embedding import Embedding
from rag.store.database import Database
from rag.store.keywords import KeywordIndex
from rag.store.library_copy import TABLES, copy_library, differences
from rag.store.mendings import Mending
from rag.store.open_database import open_database
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # a server


class Interrupted(Exception):
    pass


@pytest.fixture
def server() -> Iterator[Database]:
    with databases.opened("postgresql") as address, closing(open_database(Path(), address)) as made:
        yield made


@pytest.fixture
def filled(tmp_path: Path, embedder: HashEmbedder, articles: Path) -> Path:
    """A library in SQLite with copies, a collection, a correction, an article in the trash, and a feed."""
    (articles / "wire.txt").write_text((articles / "harbour.txt").read_text("utf-8"), "utf-8")
    (articles / "empty.txt").write_text("")
    with closing(Store(tmp_path / "data", embedder)) as store:
        Ingester(store, embedder).run([articles])
        ids = {info.title: info.id for info in store.ledger.articles(-1)}
        bridge, library = ids["青石桥通车"], ids["La bibliothèque ferme ses portes"]
        store.collections.add("Water", [bridge])
        store.mend([bridge], Mending(outlet="Courier"), Embedding(embedder.embed_passages))
        store.move_to_trash([library])
        store.feeds.add("https://example.org/feed", 60)
        store.feeds.record_fetch("https://example.org/feed", "News", ("", ""), ["a", "b"])
    return tmp_path / "data" / "library.sqlite"


def test_a_copy_is_the_same_there_and_back(filled: Path, server: Database, tmp_path: Path) -> None:
    with closing(open_database(filled)) as source:
        copy_library(source, server)
        assert differences(source, server) == []
        for question in ("Brandt harbour", "青石桥"):
            found = KeywordIndex(source).search(question, 5)
            assert found and KeywordIndex(server).search(question, 5).keys() == found.keys()
        with closing(open_database(tmp_path / "back.sqlite")) as back:
            copy_library(server, back)
            assert differences(source, back) == []
            assert sorted(back.rows("SELECT * FROM keywords")) == sorted(
                source.rows("SELECT * FROM keywords")
            )


def test_a_copy_is_used_with_its_vectors_and_grows(
    filled: Path, embedder: HashEmbedder, articles: Path
) -> None:
    with databases.opened("postgresql") as address:
        with closing(open_database(filled)) as source, closing(open_database(Path(), address)) as server:
            copy_library(source, server)
        with closing(Store(filled.parent, embedder, database=address)) as store:
            assert store.ledger.pending() == [] and store.missing_vectors() == {}
            (articles / "new.txt").write_text("Quay new\n\nThe crane on quay nine was painted.", "utf-8")
            assert Ingester(store, embedder).run([articles]).added == 1
            assert store.missing_vectors() == {}


def test_an_interrupted_copy_goes_on_where_it_was(
    filled: Path, server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_copy, "BATCH_ROWS", 2)
    steps = 0

    def interrupt(progress: Progress) -> None:
        nonlocal steps
        steps += 1
        if steps % 3 == 0:
            raise Interrupted

    with closing(open_database(filled)) as source:
        for _ in range(50):
            try:
                copy_library(source, server, interrupt)
            except Interrupted:
                continue
            break
        assert differences(source, server) == [] and steps > 9
        assert server.rows("SELECT 1 FROM meta WHERE key = 'copying'") == []
        with pytest.raises(NotPermitted, match="empty"):
            copy_library(source, server)


def test_a_copy_that_differs_is_not_taken_for_one(filled: Path, server: Database) -> None:
    def alter(progress: Progress) -> None:
        with server.transaction() as db:
            db.execute("UPDATE articles SET text = 'x' WHERE language = 'zh'")

    with closing(open_database(filled)) as source, pytest.raises(LibraryDamaged, match="articles"):
        copy_library(source, server, alter)


def test_every_table_and_column_is_copied(filled: Path) -> None:
    schema = files("rag.store").joinpath("schema.sql").read_text("utf-8")
    tables = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", schema))
    assert tables == {*TABLES, "meta"}
    with closing(open_database(filled)) as source:
        for table, (columns, _) in TABLES.items():
            known = {str(row[1]) for row in source.rows(f"PRAGMA table_info({table})")}
            assert known == {column.strip('"') for column in columns.split(", ")}, table
