"""Chroma's files: whether they are as this program has left them, found without opening Chroma.

Overwritten bytes in an index or in the database's schema end the process that opens them (Chroma 1.5.9).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from rag.store.vectors import shard_of

_SMALL_TABLES = ("migrations", "tenants", "databases", "collections", "segments", "collection_metadata")


def index_states(folder: Path) -> dict[str, str]:
    """Return, by subfolder of an index, the names, sizes and modification times (ns) of its files."""
    states: dict[str, str] = {}
    for file in sorted(folder.glob("*/*")):
        stat = file.stat()
        of = states.get(file.parent.name, "")
        states[file.parent.name] = f"{of}{file.name} {stat.st_size} {stat.st_mtime_ns};"
    return states


def shards_in(folder: Path, subfolders: Iterable[str]) -> list[str]:
    """Return the shards whose indexes are in subfolders. Raises sqlite3.Error."""
    wanted = set(subfolders)
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as db:
        rows = db.execute("SELECT s.id, c.name FROM segments s JOIN collections c ON c.id = s.collection")
        return [shard_of(str(name)) for segment, name in rows if segment in wanted]


def read_database(folder: Path) -> None:
    """Read the schema and the small tables of Chroma's database. Raises sqlite3.Error, UnicodeDecodeError."""
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as db:
        for table in ("sqlite_master", *_SMALL_TABLES):
            db.execute(f"SELECT * FROM {table}").fetchall()
