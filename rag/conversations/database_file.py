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

from rag.conversations.rows import readable_text
from rag.conversations.summaries import Trouble
from rag.errors import BylineError, DiskFull, NotPermitted
from rag.store.backups import Backups, move_aside
from rag.store.private_files import create_private, has_content
from rag.store.sqlite_errors import kind_of
from rag.text.letters import plain_letters

_SCRIPTS = ("schema.sql", "pins_and_styles.sql", "people_and_processes.sql")
MIGRATIONS = tuple(files("rag.conversations") / name for name in _SCRIPTS)
"""SQL scripts; script n, counted from 0, migrates a file of conversations from user_version n to n + 1."""
BUSY_TIMEOUT_S = 2.0
"""Maximum wait for another program's lock, and interval between attempts to open the file. Not fitted."""
_COLUMNS = (
    "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.schema = 'main'"
)
_UNREADABLE = 'SELECT 1 FROM "{}" WHERE NOT json_valid(record) OR NOT is_utf8(CAST(record AS BLOB)) LIMIT 1'
_log = logging.getLogger(__name__)


class NewerVersion(sqlite3.Error):
    """Raised for a file that a newer version of Byline wrote; it is left unchanged."""


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
        with self._reads, _decoding_errors():
            return reader.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit at the end of the block, roll back on an exception."""
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
        """Return a checked connection after `prepare`, with what a damaged file still yields."""
        db = _checked_connection(self.path, self._migrations)
        try:
            with _decoding_errors(), _transaction(db):
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
                    with _decoding_errors(), _transaction(self._copy):
                        self._prepare(self._copy)
            return self._copy

    def _restore(self) -> None:
        with suppress(OSError):  # opening the file will report it
            self.restored = self.backups.restore()


def _checked_connection(path: Path, migrations: Sequence[Traversable]) -> sqlite3.Connection:
    """Return a connection to an intact file with the current schema."""
    db = _connection(path)
    try:
        with _decoding_errors():
            with _schema_errors():
                _check(db)
            _migrate(db, migrations)
            with _schema_errors():
                _check_content(db, migrations)
                if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'words'").fetchone():
                    db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection) -> None:
    """Raise sqlite3.Error for a damaged file."""
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;")
    faults = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if faults != "ok":
        raise _damage(faults)


def _check_content(db: sqlite3.Connection, migrations: Sequence[Traversable]) -> None:
    """Raise sqlite3.Error for altered names of tables and columns, and for records that cannot be read.

    SQLite's own check passes both.
    """
    with closing(_configured(sqlite3.connect(":memory:", isolation_level=None))) as new:
        _migrate(new, migrations)
        columns = new.execute(_COLUMNS).fetchall()
    for table, column in columns:
        db.execute(f'SELECT t."{column}" FROM "{table}" t LIMIT 0')
        if column == "record" and db.execute(_UNREADABLE.format(table)).fetchone():
            raise _damage(f"a record of {table} cannot be read")


def _is_utf8(stored: bytes) -> bool:
    try:
        stored.decode()
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _schema_errors() -> Iterator[None]:
    """Raise a damage where SQLite tells of a plain error, as for a damaged header and altered names."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname != "SQLITE_ERROR":
            raise
        raise _damage(error) from error


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
    """Return a copy of a file in a folder where SQLite cannot create its companions."""
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
    db.create_function("fold", 1, plain_letters, deterministic=True)
    db.create_function("is_utf8", 1, _is_utf8, deterministic=True)
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
