"""Create the tables of the library file, or migrate those that an earlier version of Byline wrote.

Migrations are numbered by SQLite's `user_version`: number n brings a file of version n - 1 to version n.
schema.sql then creates what is missing, so it always shows the newest layout.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from importlib.resources import files

_DERIVED = ("keywords", "passages", "shards", "doomed")
"""Tables that can be computed from the articles' texts."""

_SPLIT_FILES = """
    DROP INDEX IF EXISTS articles_published; DROP INDEX IF EXISTS articles_pending;
    ALTER TABLE articles RENAME TO before;
    CREATE TABLE articles (
        id TEXT PRIMARY KEY, source TEXT NOT NULL UNIQUE, file TEXT NOT NULL, title TEXT NOT NULL,
        language TEXT NOT NULL, published TEXT, outlet TEXT, author TEXT, url TEXT, text TEXT NOT NULL,
        added TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending', 'done'))
    ) STRICT;
    CREATE TABLE files (
        file TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL
    ) STRICT;
    INSERT INTO articles
        SELECT id, source, source, title, language, published, outlet, NULL, NULL, text, added, state
        FROM before;
    INSERT INTO files SELECT source, digest, size, modified_ns FROM before;
    DROP TABLE before;
"""
_IDENTITIES = """
    UPDATE articles SET identity = identity(language, title, text) WHERE identity = '' AND copy_of IS NULL;
"""
"""Fills the column that migration 4 adds; equal articles that are already stored remain separate."""


def migrate(db: sqlite3.Connection) -> bool:
    """Migrate a file to the newest version, in one transaction; return whether derived tables were emptied.

    In that case every article is pending, and the vectors in Chroma belong to deleted passages. The
    connection needs the SQL function `identity`.
    """
    exists = bool(_columns(db, "articles"))
    (version,) = db.execute("PRAGMA user_version").fetchone()
    due = [migration(db) for number, migration in MIGRATIONS.items() if exists and version < number]
    schema = files("rag.store").joinpath("schema.sql").read_text("utf-8")
    db.executescript(
        f"BEGIN; {''.join(due)} {schema} {_IDENTITIES} PRAGMA user_version = {max(MIGRATIONS)}; COMMIT;"
    )
    return exists and version < _LAST_REINDEXING_VERSION


def _several_articles_a_file(db: sqlite3.Connection) -> str:
    """3: Allow several articles a file, and give passages a language and a shard."""
    drop = "".join(f"DROP TABLE IF EXISTS {table};" for table in _DERIVED)
    split = _SPLIT_FILES if "digest" in _columns(db, "articles") else ""
    return f"{drop} {split} UPDATE articles SET state = 'pending';"


def _exact_copies(db: sqlite3.Connection) -> str:
    """4: Link exact copies to their article. Some files of version 3 have part of this."""
    script = "DROP INDEX IF EXISTS articles_listed;"
    if _lacks(db, "skipped", "since"):  # the next ingestion fills the table again
        script += "DROP TABLE skipped;"
    if _lacks(db, "articles", "identity"):
        script += "ALTER TABLE articles ADD COLUMN identity TEXT NOT NULL DEFAULT '';"
    if _lacks(db, "articles", "copy_of"):
        script += "ALTER TABLE articles ADD COLUMN copy_of TEXT;"
    if _lacks(db, "removed", "copy_of"):
        script += "ALTER TABLE removed ADD COLUMN copy_of TEXT;"
    return script


def _left_out(db: sqlite3.Connection) -> str:
    """5: Keep the lines that cleaning left out, and the reader version of each file."""
    script = "".join(
        f"ALTER TABLE {table} ADD COLUMN left_out BLOB;"
        for table in ("articles", "removed")
        if _lacks(db, table, "left_out")
    )
    if _lacks(db, "files", "reader") or "digest" in _columns(db, "articles"):  # migration 3 creates it then
        script += "ALTER TABLE files ADD COLUMN reader INTEGER NOT NULL DEFAULT 0;"
        if _columns(db, "meta"):
            said = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'reader'"
            script += f"UPDATE files SET reader = coalesce(({said}), 0);"
    return script


def _servers(db: sqlite3.Connection) -> str:
    """6: Record which Chroma server holds a shard."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    lacks = version >= _LAST_REINDEXING_VERSION and _lacks(db, "shards", "server")  # else it is made anew
    return "ALTER TABLE shards ADD COLUMN server TEXT NOT NULL DEFAULT '';" if lacks else ""


def _people(_: sqlite3.Connection) -> str:
    """7: Groups that may see collections, shared conversations, and the audit log; schema.sql makes them."""
    return ""


MIGRATIONS: dict[int, Callable[[sqlite3.Connection], str]] = {
    3: _several_articles_a_file,
    4: _exact_copies,
    5: _left_out,
    6: _servers,
    7: _people,
}
"""The SQL script of each migration; version 2 is the oldest that was released."""
_LAST_REINDEXING_VERSION = 3
"""Number of the last migration that empties the derived tables."""


def _columns(db: sqlite3.Connection, table: str) -> set[str]:
    return {str(row[1]) for row in db.execute(f"PRAGMA table_info({table})")}


def _lacks(db: sqlite3.Connection, table: str, column: str) -> bool:
    columns = _columns(db, table)
    return bool(columns) and column not in columns
