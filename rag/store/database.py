"""The SQLite file: one connection for all threads, and transactions."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from rag.errors import DiskFull, LibraryDamaged, NotPermitted
from rag.store.records import identity_of
from rag.store.words import fold

_MARGIN = 50 << 20  # bytes that must be free before a batch is written
_DERIVED = ("keywords", "passages", "shards", "doomed")  # made from the articles' texts, so made anew
_LAYOUT = 3
_FROM_2 = """
    DROP INDEX IF EXISTS articles_published; DROP INDEX IF EXISTS articles_pending;
    ALTER TABLE articles RENAME TO before;
    {schema}
    INSERT INTO articles
        SELECT id, source, source, title, language, published, outlet, NULL, NULL, text, added, state,
            '', NULL
        FROM before;
    INSERT INTO files SELECT source, digest, size, modified_ns FROM before;
    DROP TABLE before;
"""
"""Until layout 2 every file was one article."""
_COPIES = """
    ALTER TABLE articles ADD COLUMN identity TEXT NOT NULL DEFAULT '';
    ALTER TABLE articles ADD COLUMN copy_of TEXT;
    DROP INDEX IF EXISTS articles_listed;
"""
_IDENTITIES = """
    UPDATE articles SET identity = identity(language, title, text) WHERE identity = '' AND copy_of IS NULL;
"""
"""For articles from before exact copies were known as such; two that are equal stay two."""


class Database:
    """One connection, shared by all threads behind a lock; every change is one transaction.

    Raises NotPermitted or LibraryDamaged. `renewed` tells that an older layout was found: its derived
    tables are empty now, and every article is pending.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;")
            self._db.create_function("fold", 1, _fold, deterministic=True)
            self._db.create_function("identity", 3, identity_of, deterministic=True)
            self.renewed = self._renew()
        except sqlite3.OperationalError as error:
            raise NotPermitted(f"{path} cannot be opened for writing: {error}.") from error
        except sqlite3.DatabaseError as error:
            raise LibraryDamaged(
                f"{path} is damaged ({error}). Move the data folder away and ingest your articles again."
            ) from error

    def _renew(self) -> bool:
        """Create what is not there; throw the derived tables of an older layout away."""
        columns = self._columns("articles")
        old = bool(columns) and self._db.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT
        before = "".join(f"DROP TABLE IF EXISTS {name};" for name in _DERIVED) if old else ""
        if self._lacks("skipped", "since"):  # the next ingestion fills it again
            before += "DROP TABLE skipped;"
        if "digest" not in columns and self._lacks("articles", "identity"):
            before += _COPIES
        if self._lacks("removed", "copy_of"):
            before += "ALTER TABLE removed ADD COLUMN copy_of TEXT;"
        again = "UPDATE articles SET state = 'pending';" if old else ""
        schema = files("rag.store").joinpath("schema.sql").read_text("utf-8")
        if "digest" in columns:
            schema = _FROM_2.format(schema=schema)
        self._db.executescript(
            f"BEGIN; {before} {schema} {again} {_IDENTITIES} PRAGMA user_version = {_LAYOUT}; COMMIT;"
        )
        return old

    def _columns(self, table: str) -> set[str]:
        return {str(row[1]) for row in self._db.execute(f"PRAGMA table_info({table})")}

    def _lacks(self, table: str, column: str) -> bool:
        columns = self._columns(table)
        return bool(columns) and column not in columns

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Raises DiskFull where the disk is, or soon will be, full."""
        if shutil.disk_usage(self._path.parent).free < _MARGIN:
            raise DiskFull(f"Less than 50 MB are free beside {self._path}: make room, then try again.")
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()


def _fold(text: str | None) -> str | None:
    return text and fold(text)
