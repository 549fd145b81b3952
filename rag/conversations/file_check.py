"""The check of an SQLite file of what a reader writes: what SQLite itself finds, and what it passes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.resources.abc import Traversable

from rag.conversations.rows import readable_text
from rag.text.letters import plain_letters

_COLUMNS = (
    "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.schema = 'main'"
)
_UNREADABLE = 'SELECT 1 FROM "{}" WHERE NOT json_valid(record) OR NOT is_utf8(CAST(record AS BLOB)) LIMIT 1'


class NewerVersion(sqlite3.Error):
    """Raised for a file that a newer version of Byline wrote; it is left unchanged."""


def check(db: sqlite3.Connection) -> None:
    """Raise sqlite3.Error for a damaged file."""
    db.executescript("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;")
    _check_pages(db)


def _check_pages(db: sqlite3.Connection) -> None:
    faults = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if faults != "ok":
        raise _damage(faults)


def check_content(db: sqlite3.Connection, migrations: Sequence[Traversable]) -> None:
    """Raise sqlite3.Error for altered names, records that cannot be read, and a damaged keyword index.

    SQLite's own check passes them.
    """
    with closing(configured(sqlite3.connect(":memory:", isolation_level=None))) as new:
        migrate(new, migrations)
        columns = new.execute(_COLUMNS).fetchall()
    for table, column in columns:
        db.execute(f'SELECT t."{column}" FROM "{table}" t LIMIT 0')
        if column == "record" and db.execute(_UNREADABLE.format(table)).fetchone():
            raise _damage(f"a record of {table} cannot be read")
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'words'").fetchone():
        db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        db.rollback()


def _is_utf8(stored: bytes) -> bool:
    try:
        stored.decode()
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def schema_errors() -> Iterator[None]:
    """Raise a damage where SQLite tells of a plain error, as for a damaged header and altered names."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname != "SQLITE_ERROR":
            raise
        raise _damage(error) from error


@contextmanager
def decoding_errors() -> Iterator[None]:
    """Raise sqlite3.DatabaseError where SQLite's own message quotes damaged bytes."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise _damage(error) from error


def _damage(why: object) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(why)
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return error


def configured(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return a connection with the functions and settings that the files need."""
    db.text_factory = readable_text
    db.execute("PRAGMA foreign_keys = ON")
    db.create_function("fold", 1, plain_letters, deterministic=True)
    db.create_function("is_utf8", 1, _is_utf8, deterministic=True)
    return db


def migrate(db: sqlite3.Connection, migrations: Sequence[Traversable]) -> None:
    """Migrate a file to the current version. Raises NewerVersion."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(migrations):
        raise NewerVersion(f"user_version is {version}, known are {len(migrations)}")
    for number, script in enumerate(migrations[version:], version + 1):
        sql = f"BEGIN IMMEDIATE; {script.read_text('utf-8')} PRAGMA user_version = {number}; COMMIT;"
        db.executescript(sql)


def faults_of(db: sqlite3.Connection, migrations: Sequence[Traversable]) -> list[str]:
    """Return what is wrong with a backup, of the current version or an earlier one."""
    try:
        _check_pages(configured(db))
        (version,) = db.execute("PRAGMA user_version").fetchone()
        check_content(db, migrations[:version])
    except sqlite3.Error as error:
        return [str(error)]
    return []
