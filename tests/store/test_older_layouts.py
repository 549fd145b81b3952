"""Libraries that earlier versions of Byline wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.migrations import MIGRATIONS
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk


@pytest.fixture
def filled(tmp_path: Path, store: Store, embedder: HashEmbedder, articles: Path) -> Store:
    Ingester(store, embedder).run([articles])
    return store


@pytest.mark.sqlite
def test_a_library_of_an_older_layout_is_brought_up_to_date_by_the_next_ingestion(
    filled: Store, tmp_path: Path, embedder: HashEmbedder, articles: Path
) -> None:
    before = filled.ledger.overview()
    filled.close()
    with sqlite3.connect(tmp_path / "data" / "library.sqlite") as db:
        db.executescript(
            "DROP TABLE passages; DROP TABLE shards; DROP TABLE doomed;"
            "CREATE TABLE old AS SELECT id, source, title, language, published, outlet, text, digest, size,"
            " modified_ns, added, state FROM articles JOIN files USING (file);"
            "DROP TABLE articles; DROP TABLE skipped; DROP TABLE files; ALTER TABLE old RENAME TO articles;"
            "CREATE INDEX articles_published ON articles (published);"
            "CREATE TABLE passages (id INTEGER PRIMARY KEY, article_id TEXT, ordinal INTEGER, start INTEGER,"
            ' "end" INTEGER); CREATE TABLE doomed (id INTEGER PRIMARY KEY, language TEXT);'
            "PRAGMA user_version = 2;"
        )
    store = Store(tmp_path / "data", embedder)
    report = Ingester(store, embedder).run([articles])
    assert (report.added, report.unchanged) == (0, 3)
    assert store.ledger.overview() == before
    assert store.missing_vectors() == {}
    (best, *_) = Retriever(store, embedder).search("Who is the harbour master?", 3, language="en")
    assert best.article.title == "The harbour opens again"
    store.close()


@pytest.mark.sqlite
def test_a_library_of_version_3_without_dates_of_skips_and_copies_opens_with_its_vectors(
    filled: Store, tmp_path: Path, embedder: HashEmbedder, articles: Path
) -> None:
    before = filled.ledger.overview()
    filled.close()
    with closing(sqlite3.connect(tmp_path / "data" / "library.sqlite")) as db:
        db.executescript(
            "DROP INDEX articles_same; DROP INDEX articles_copies; DROP INDEX articles_shown;"
            "ALTER TABLE articles DROP COLUMN copy_of; ALTER TABLE articles DROP COLUMN identity;"
            "DROP TABLE removed; DROP TABLE skipped;"
            "CREATE TABLE skipped (source TEXT PRIMARY KEY, file TEXT NOT NULL, reason TEXT NOT NULL);"
            "PRAGMA user_version = 3;"
        )
    store = Store(tmp_path / "data", embedder)
    assert store.ledger.overview() == before
    assert store.ledger.pending() == []
    assert store.missing_vectors() == {}
    assert store.listing.skipped_count() == 0
    assert (Ingester(store, embedder).run([articles])).unchanged == 3
    store.close()


@pytest.mark.sqlite
@pytest.mark.parametrize(("reader", "outdated"), [("2", 0), (None, 3)])
def test_a_library_of_version_4_opens_and_knows_which_reader_has_read_it(
    filled: Store, tmp_path: Path, embedder: HashEmbedder, reader: str | None, outdated: int
) -> None:
    before = filled.ledger.overview()
    filled.close()
    with closing(sqlite3.connect(tmp_path / "data" / "library.sqlite")) as db:
        db.executescript(
            "ALTER TABLE articles RENAME left_out TO past; ALTER TABLE removed RENAME left_out TO past;"
            "ALTER TABLE files RENAME reader TO past; DROP TABLE as_is; DROP TABLE originals;"
            "ALTER TABLE shards DROP COLUMN server;"
            "PRAGMA user_version = 4;"
        )
        if reader:
            db.execute("INSERT INTO meta VALUES ('reader', ?)", (reader,))
            db.commit()
    store = Store(tmp_path / "data", embedder)
    assert store.ledger.overview() == before and store.ledger.pending() == []
    assert len(store.files.outdated(2)) == outdated
    assert {store.records.of(info).left_out for info in store.ledger.articles(-1)} == {None}, "not known"
    store.close()


@pytest.mark.sqlite
def test_a_library_is_migrated_once(filled: Store, tmp_path: Path, embedder: HashEmbedder) -> None:
    filled.close()
    for _ in range(2):
        store = Store(tmp_path / "data", embedder)
        assert store.ledger.pending() == []
        store.close()
    with closing(sqlite3.connect(tmp_path / "data" / "library.sqlite")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (max(MIGRATIONS),)
