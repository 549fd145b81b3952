"""An SQLite file of what a reader writes: opening, migration, and recovery from a damaged file."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rag.conversations.file_check import (
    NewerVersion,
    check,
    check_content,
    configured,
    decoding_errors,
    faults_of,
    migrate,
    schema_errors,
)
from rag.conversations.summaries import Trouble
from rag.errors import BylineError, DiskFull, NotPermitted
from rag.store.backups import Backups, move_aside
from rag.store.private_files import create_private, has_content
from rag.store.sqlite_errors import kind_of

_SCRIPTS = ("schema.sql", "pins_and_styles.sql", "people_and_processes.sql")
MIGRATIONS = tuple(files("rag.conversations") / name for name in _SCRIPTS)
"""SQL scripts; script n, counted from 0, migrates a file of conversations from user_version n to n + 1."""
BUSY_TIMEOUT_S = 2.0
"""Maximum wait for another program's lock, and interval between attempts to open the file. Not fitted."""
_log = logging.getLogger(__name__)


def trouble_of(error: sqlite3.Error | BylineError) -> Trouble:
    """Return the category of an error of the file or the server."""
    match error:
        case NewerVersion():
            return "newer"
        case sqlite3.Error():
            return kind_of(error)
        case DiskFull():
            return "full"
        case NotPermitted():
            return "denied"
    return "away" if error.message.code == "database_away" else "unknown"


class DatabaseFile:
    """A file with one connection for reading and one for writing, so that writes never block reads.

    Thread safe; every method raises sqlite3.Error. The file is opened on first use and migrated by
    `migrations`; `prepare` then runs in a transaction. A damaged file is moved to the path `aside`. A damaged
    or missing file is replaced by its backup, whose time is `restored`, or by a new file without one.
    `salvage` adds what the damaged file still yields.
    """

    on_server = False

    def __init__(
        self,
        path: Path,
        prepare: Callable[[sqlite3.Connection], None],
        migrations: Sequence[Traversable] = MIGRATIONS,
        salvage: Callable[[Path, sqlite3.Connection], None] | None = None,
    ) -> None:
        self.path, self._prepare, self._migrations, self._salvage = path, prepare, migrations, salvage
        self.backups = Backups(path, faults=lambda db: faults_of(db, migrations))
        self.aside: Path | None = None
        self.restored: datetime | None = None
        self._connections: tuple[sqlite3.Connection, sqlite3.Connection] | None = None
        self._copy: sqlite3.Connection | None = None
        self._opening, self._reads, self._writes = threading.Lock(), threading.Lock(), threading.Lock()
        self._failed: tuple[float, sqlite3.Error] | None = None

    def close(self) -> None:
        """Close the file."""
        with self._opening, self._reads, self._writes:
            for connection in self._connections or ():
                connection.close()
            self._connections = None
            if self._copy:
                self._copy.close()
            self._copy = None

    def back_up(self) -> None:
        """Back up the file if that is due."""
        self.backups.make()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; of a copy in memory, if the file may be read but not written."""
        try:
            reader, _ = self._open()
        except sqlite3.Error as error:
            if trouble_of(error) != "denied" or not (copy := self._copied()):
                raise
            reader = copy
        with self._reads, decoding_errors():
            return reader.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit at the end of the block, roll back on an exception."""
        _, writer = self._open()
        with self._writes, decoding_errors(), _transaction(writer):
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
            writer = self._prepared()
        except sqlite3.Error as error:
            if trouble_of(error) != "damaged":
                raise
            self.aside = move_aside(self.path)
            self._restore()
            _log.warning("%s is damaged (%s); it is now %s", self.path, error, self.aside)
            writer = self._prepared(self.aside)
        return _connection(self.path), writer

    def _prepared(self, damaged: Path | None = None) -> sqlite3.Connection:
        """Return a checked connection after `prepare`, with what a damaged file still yields."""
        db = _checked_connection(self.path, self._migrations)
        try:
            with decoding_errors(), _transaction(db):
                if damaged and self._salvage:
                    self._salvage(damaged, db)
                self._prepare(db)
        except BaseException:
            db.close()
            raise
        return db

    def _copied(self) -> sqlite3.Connection | None:
        """Return a copy in memory, made once; None where the file cannot be read either, or has nothing."""
        with self._opening:
            if self._copy is None and has_content(self.path):
                with suppress(sqlite3.Error, OSError):
                    self._copy = _copy_in_memory(self.path)
                    with decoding_errors(), _transaction(self._copy):
                        self._prepare(self._copy)
            return self._copy

    def _restore(self) -> None:
        with suppress(OSError):  # opening the file will report it
            self.restored = self.backups.restore()


def _checked_connection(path: Path, migrations: Sequence[Traversable]) -> sqlite3.Connection:
    """Return a connection to an intact file with the current schema."""
    db = _connection(path)
    try:
        with decoding_errors():
            with schema_errors():
                check(db)
            migrate(db, migrations)
            with schema_errors():
                check_content(db, migrations)
    except BaseException:
        db.close()
        raise
    return db


def _copy_in_memory(path: Path) -> sqlite3.Connection:
    """Return a copy of a file in a folder where SQLite cannot create its companions."""
    memory = configured(sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None))
    with TemporaryDirectory(prefix="byline-") as folder:
        for file in (path, path.with_name(f"{path.name}-wal")):
            if file.exists():
                shutil.copyfile(file, Path(folder) / file.name)
        with closing(sqlite3.connect(Path(folder) / path.name)) as db:
            db.backup(memory)
    return memory


def _connection(path: Path) -> sqlite3.Connection:
    create_private(path)
    return configured(
        sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None)
    )


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
