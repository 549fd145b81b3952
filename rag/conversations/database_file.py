"""The SQLite file of the conversations: opening, migration, and recovery from a damaged file."""

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
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rag.conversations.rows import readable_text
from rag.conversations.salvage import salvage
from rag.conversations.summaries import Trouble
from rag.store.backups import Backups, move_aside
from rag.store.keyword_terms import fold
from rag.store.private_files import create_private, has_content
from rag.store.sqlite_errors import kind_of

MIGRATIONS = ("schema.sql",)
"""Scripts, each of which migrates a file from user_version n (its index) to n + 1."""
BUSY_TIMEOUT_S = 2.0
"""Maximum wait for another program's lock, and pause between attempts to open the file. Not fitted."""
_log = logging.getLogger(__name__)


class NewerVersion(sqlite3.Error):
    """A newer version of Byline wrote the file; it is left unchanged."""


def trouble_of(error: sqlite3.Error) -> Trouble:
    """The category of an SQLite error."""
    return "newer" if isinstance(error, NewerVersion) else kind_of(error)


class ConversationFile:
    """A file with one connection for reading and one for writing, so that writes never block reads.

    Thread safe; every method raises sqlite3.Error. The file is opened on first use; `prepare` then runs in a
    transaction. A damaged file is moved to `aside`. Its backup replaces it, or a missing file, and
    `restored` is the backup's time; without a backup, a new file is created. What the damaged file still
    yields is added.
    """

    def __init__(self, path: Path, prepare: Callable[[sqlite3.Connection], None]) -> None:
        self.path, self._prepare = path, prepare
        self.backups = Backups(path)
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

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query; of a copy in memory, where the file may be read but not written."""
        try:
            reader, _ = self._open()
        except sqlite3.Error as error:
            if trouble_of(error) != "denied" or not (copy := self._copied()):
                raise
            reader = copy
        with self._reads, _decoding_errors():
            return reader.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed at the end of the block, rolled back on an exception."""
        _, writer = self._open()
        with self._writes, _decoding_errors(), _transaction(writer):
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
        """A checked connection after `prepare`, with what a damaged file still yields."""
        db = _checked_connection(self.path)
        try:
            with _decoding_errors(), _transaction(db):
                if damaged:
                    salvage(damaged, db)
                self._prepare(db)
        except BaseException:
            db.close()
            raise
        return db

    def _copied(self) -> sqlite3.Connection | None:
        """A copy in memory, made once; None where the file cannot be read either, or has nothing."""
        with self._opening:
            if self._copy is None and has_content(self.path):
                with suppress(sqlite3.Error, OSError):
                    self._copy = _copy_in_memory(self.path)
                    with _decoding_errors(), _transaction(self._copy):
                        self._prepare(self._copy)
            return self._copy

    def _restore(self) -> None:
        with suppress(OSError):  # opening the file tells of it
            self.restored = self.backups.restore()


def _checked_connection(path: Path) -> sqlite3.Connection:
    """A connection to an intact file with the current schema."""
    db = _connection(path)
    try:
        with _decoding_errors():
            _check(db)
            _migrate(db)
            db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection) -> None:
    """Raise sqlite3.Error for a damaged file; SQLite calls a damaged header a plain error."""
    try:
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;")
        faults = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname != "SQLITE_ERROR":
            raise
        raise _damage(error) from error
    if faults != "ok":
        raise _damage(faults)


@contextmanager
def _decoding_errors() -> Iterator[None]:
    """Raise sqlite3.DatabaseError where SQLite's own message quotes damaged bytes."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise _damage(error) from error


def _damage(why: object) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(why)
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return error


def _copy_in_memory(path: Path) -> sqlite3.Connection:
    """A copy of a file in a folder where SQLite cannot create its companions."""
    memory = _configured(sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None))
    with TemporaryDirectory(prefix="byline-") as folder:
        for file in (path, path.with_name(f"{path.name}-wal")):
            if file.exists():
                shutil.copyfile(file, Path(folder) / file.name)
        with closing(sqlite3.connect(Path(folder) / path.name)) as db:
            db.backup(memory)
    return memory


def _connection(path: Path) -> sqlite3.Connection:
    create_private(path)
    return _configured(
        sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, check_same_thread=False, isolation_level=None)
    )


def _configured(db: sqlite3.Connection) -> sqlite3.Connection:
    db.text_factory = readable_text
    db.execute("PRAGMA foreign_keys = ON")
    db.create_function("fold", 1, fold, deterministic=True)
    return db


def _migrate(db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise NewerVersion(f"user_version is {version}, known are {len(MIGRATIONS)}")
    for number, name in enumerate(MIGRATIONS[version:], version + 1):
        script = files("rag.conversations").joinpath(name).read_text("utf-8")
        db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # some errors make SQLite roll back by itself
            db.execute("ROLLBACK")
        raise
