"""The check of the ledger's file: what SQLite itself finds, then every text."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from rag.store.backups import Backups
from rag.store.ledger_rows import identity_of

_TABLES = """
    SELECT name FROM pragma_table_list
    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'
"""
_ALTERED = "SELECT source FROM articles WHERE identity != identity(language, title, text) LIMIT 100"


def ledger_faults(db: sqlite3.Connection) -> list[str]:
    """Return the faults of a ledger. Raises sqlite3.Error, UnicodeDecodeError where a text cannot be read.

    SQLite's check passes altered bytes within a text; an article's digest shows them.
    """
    db.create_function("identity", 3, identity_of, deterministic=True)
    found = [str(row[0]) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    if found:
        return found
    db.execute("INSERT INTO keywords (keywords) VALUES ('integrity-check')")
    db.rollback()
    for (table,) in db.execute(_TABLES).fetchall():
        for _ in db.execute(f'SELECT * FROM "{table}"'):
            pass
    return [f"the text of {source} was altered" for (source,) in db.execute(_ALTERED)]


def ledger_backups(path: Path) -> Backups:
    """Return the backups of a ledger: those without faults."""
    return Backups(path, faults=ledger_faults)
