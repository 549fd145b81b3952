"""The SQLite file of a library: its connection and transactions."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import DiskFull
from rag.store.fts5_keywords import VOCABULARY, Fts5Keywords
from rag.store.keyword_rebuild import rebuild_keywords
from rag.store.keyword_table import KeywordTable
from rag.store.ledger_check import ledger_faults
from rag.store.ledger_rows import identity_of
from rag.store.migrations import migrate
from rag.store.private_files import create_private
from rag.store.sqlite_errors import user_errors
from rag.text.letters import plain_letters

_MIN_FREE_BYTES = 50 << 20
"""Free disk space that a transaction requires; more than a batch writes. Not fitted."""


class SqliteDatabase:
    """One connection, shared by all threads behind a lock.

    `reindexed`: a migration has emptied the derived tables (see `migrate`). `changed`: a transaction was
    committed since opening. Raises NotPermitted or LibraryDamaged.
    """

    def __init__(self, path: Path) -> None:
        self._path, self.changed = path, False
        self._lock = threading.RLock()
        create_private(path)
        with user_errors(path):
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;")
            self._db.create_function("fold", 1, _fold, deterministic=True)
            self._db.create_function("identity", 3, identity_of, deterministic=True)
            self.reindexed = migrate(self._db)
            self._db.executescript(VOCABULARY)
        self.keywords: KeywordTable = Fts5Keywords(self.rows)
        self._rebuild_keywords()

    def _rebuild_keywords(self) -> None:
        with self._lock, user_errors(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                rebuild_keywords(self._db, self.keywords)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.changed = False
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit at the end, roll back on an exception.

        Raises DiskFull if less than 50 MB are free, LibraryDamaged or NotPermitted.
        """
        if shutil.disk_usage(self._path.parent).free < _MIN_FREE_BYTES:
            raise DiskFull("low_space", path=self._path)
        with self._lock, user_errors(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # on a full disk SQLite has already rolled back
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            self.changed = True

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query. Raises LibraryDamaged."""
        with self._lock, user_errors(self._path):
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def shard_lock(self, shard: str, *, wait: bool = True) -> Iterator[bool]:  # noqa: ARG002
        """Yield True: one process owns the folder."""
        yield True

    def take_numbers(self) -> None:
        """Do nothing: SQLite continues after the greatest number by itself."""

    def check(self) -> list[str]:
        """Return the faults of the file. Reads every text. Raises LibraryDamaged where one cannot be read."""
        with self._lock, user_errors(self._path):
            return ledger_faults(self._db)


def _fold(text: str | None) -> str | None:
    return text and plain_letters(text)
