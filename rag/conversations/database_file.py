"""An SQLite file of what a reader writes: opening, migration, and recovery from a damaged file."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from rag.conversations.summaries import Trouble
from rag.store.backups import Backups, move_aside
from rag.store.private_files import create_private, has_content
from rag.store.sqlite_errors import kind_of
from rag.text.letters import plain_letters

MIGRATIONS = tuple(files("rag.conversations") / name for name in ("schema.sql", "pins_and_styles.sql"))
"""SQL scripts; script n, counted from 0, migrates a file of conversations from user_version n to n + 1."""
BUSY_TIMEOUT_S = 2.0
"""Maximum wait for another program's lock, and interval between attempts to open the file. Not fitted."""
_log = logging.getLogger(__name__)


class NewerVersion(sqlite3.Error):
    """Raised for a file that a newer version of Byline wrote; it is left unchanged."""


def trouble_of(error: sqlite3.Error) -> Trouble:
    """Return the category of an SQLite error."""
    return "newer" if isinstance(error, NewerVersion) else kind_of(error)


class DatabaseFile:
    """A file with one connection for reading and one for writing, so that writes never block reads.

    Thread safe; every method raises sqlite3.Error. The file is opened on first use and migrated by
    `migrations`; `prepare` then runs in a transaction. A damaged file is moved to the path `aside`. A damaged
    or missing file is replaced by its backup, whose time is `restored`, or by a new file without one.
    """

    def __init__(
        self,
        path: Path,
        prepare: Callable[[sqlite3.Connection], None],
        migrations: Sequence[Traversable] = MIGRATIONS,
    ) -> None:
        self.path, self._prepare, self._migrations = path, prepare, migrations
        self.backups = Backups(path)
        self.aside: Path | None = None
        self.restored: datetime | None = None
        self._connections: tuple[sqlite3.Connection, sqlite3.Connection] | None = None
        self._opening, self._reads, self._writes = threading.Lock(), threading.Lock(), threading.Lock()
        self._failed: tuple[float, sqlite3.Error] | None = None

    def close(self) -> None:
        """Close the file."""
        with self._opening, self._reads, self._writes:
            for connection in self._connections or ():
                connection.close()
            self._connections = None

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        reader, _ = self._open()
        with self._reads:
            return reader.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit at the end of the block, roll back on an exception."""
        _, writer = self._open()
        with self._writes, _transaction(writer):
            yield writer

    def _open(self) -> tuple[sqlite3.Connection, sqlite3.Connection]:
        with self._opening:
            if self._connections is None:
                if self._failed is not None and time.monotonic() - self._failed[0] < BUSY_TIMEOUT_S:
                    raise self._failed[1]
                try:
                    self._connections = self._connect()
                except sqlite3.Error as error:
                    self._failed = time.monotonic(), error
                    raise
            return self._connections

    def _connect(self) -> tuple[sqlite3.Connection, sqlite3.Connection]:
        if not has_content(self.path):
            self._restore()
        try:
            writer = _checked_connection(self.path, self._migrations)
        except sqlite3.Error as error:
            if trouble_of(error) != "damaged":
                raise
            self.aside = move_aside(self.path)
            self._restore()
            _log.warning("%s is damaged (%s); it is now %s", self.path, error, self.aside)
            writer = _checked_connection(self.path, self._migrations)
        with _transaction(writer):
            self._prepare(writer)
        return _connection(self.path), writer

    def _restore(self) -> None:
        with suppress(OSError):  # opening the file will report it
            self.restored = self.backups.restore()


def _checked_connection(path: Path, migrations: Sequence[Traversable]) -> sqlite3.Connection:
    """Return a connection to an intact file with the current schema."""
    db = _connection(path)
    try:
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;")
        faults = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if faults != "ok":
            error = sqlite3.DatabaseError(faults)
            error.sqlite_errorname = "SQLITE_CORRUPT"
            raise error
        _migrate(db, migrations)
    except BaseException:
        db.close()
        raise
    return db


def _connection(path: Path) -> sqlite3.Connection:
    create_private(path)
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    db.create_function("fold", 1, plain_letters, deterministic=True)
    return db


def _migrate(db: sqlite3.Connection, migrations: Sequence[Traversable]) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(migrations):
        raise NewerVersion(f"user_version is {version}, known are {len(migrations)}")
    for number, script in enumerate(migrations[version:], version + 1):
        sql = f"BEGIN IMMEDIATE; {script.read_text('utf-8')} PRAGMA user_version = {number}; COMMIT;"
        db.executescript(sql)


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # after some errors SQLite has already rolled back
            db.execute("ROLLBACK")
        raise
