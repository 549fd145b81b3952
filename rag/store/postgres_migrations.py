"""Create the tables of a library in PostgreSQL, or migrate those of an earlier version of Byline.

The tables are those of schema.sql, in PostgreSQL's types. The number of the last migration is in `meta`; it
counts with SQLite's (rag.store.migrations).
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from rag.errors import DatabaseUnavailable
from rag.store.keyword_rebuild import TERMS_VERSION
from rag.store.ledger_rows import SET_META
from rag.store.migrations import MIGRATIONS
from rag.text.letters import letter_table

if TYPE_CHECKING:
    from rag.store.database import Transaction

POSTGRES_MIGRATIONS: dict[int, str] = {}
"""The SQL script of each migration, by SQLite's number; 6 is the oldest version in PostgreSQL."""
VERSION = max(MIGRATIONS)
_TYPES = {
    r"--[^\n]*": "",
    r"CREATE VIRTUAL TABLE[^;]*;": "",  # FTS5
    r"\bid INTEGER PRIMARY KEY AUTOINCREMENT": "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    r"\b(id|size|modified_ns) INTEGER": r"\1 BIGINT",
    r"\bTEXT\b": 'TEXT COLLATE "C"',  # compared by code points, as in SQLite
    r"\bBLOB\b": "BYTEA",
    r"\) STRICT(, WITHOUT ROWID)?;": ");",
    # An index row has 2,700 bytes at most, and PostgreSQL keeps long texts apart by itself.
    r"\(added DESC, id,[^)]*\)": "(added DESC, id)",
}
"""Patterns of schema.sql, and what PostgreSQL has instead."""


def migrate(db: Transaction) -> None:
    """Bring the tables to the newest version. Raises DatabaseUnavailable for those of a newer Byline."""
    (exists,) = db.execute("SELECT to_regclass('meta') IS NOT NULL").fetchone()
    found = db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone() if exists else None
    version = int(found[0]) if found else 0
    if version > VERSION:
        raise DatabaseUnavailable("database_newer")
    if version == VERSION:
        return
    for number in sorted(POSTGRES_MIGRATIONS):
        if 0 < version < number:
            db.execute(POSTGRES_MIGRATIONS[number])
    db.execute(tables())
    if not version:
        db.execute(_functions(db))
        db.execute(SET_META, ("keyword_terms", TERMS_VERSION))
    db.execute(SET_META, ("version", str(VERSION)))


def tables() -> str:
    """Return schema.sql in PostgreSQL's types."""
    sql = files("rag.store").joinpath("schema.sql").read_text("utf-8")
    for pattern, ours in _TYPES.items():
        sql = re.sub(pattern, ours, sql)
    return sql


def _functions(db: Transaction) -> str:
    ((encoding,),) = db.execute("SHOW server_encoding").fetchall()
    if encoding != "UTF8":
        raise DatabaseUnavailable("database_encoding", encoding=encoding)
    # The first from PostgreSQL 17 on; the second where it was built with ICU.
    known = "SELECT collname FROM pg_collation WHERE collname IN ('pg_c_utf8', 'und-x-icu') ORDER BY 1"
    collation = db.execute(known).fetchone()
    letters = {chr(one): plain for one, plain in letter_table().items() if len(plain) == 1}
    sql = files("rag.store").joinpath("postgres.sql").read_text("utf-8")
    for name, value in {
        "letters": str(collation[0]) if collation else "default",
        "folded": "".join(letters),
        "plain": "".join(letters.values()),
    }.items():
        sql = sql.replace(f"{{{name}}}", value)
    return sql
