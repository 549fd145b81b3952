"""Rows that can still be read in a damaged SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any


def rows_from_either_end(db: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query by their number, from both ends as far as the first damaged page.

    The number is the first column, by which the query must be ordered.
    """
    found = dict[int, tuple[Any, ...]]()
    for direction in ("ASC", "DESC"):
        with suppress(sqlite3.Error, UnicodeDecodeError):
            for row in db.execute(f"{sql} {direction}"):
                found[row[0]] = row
    return [found[number] for number in sorted(found)]


def readable_rows(db: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query as far as the first damaged page or text."""
    found = list[tuple[Any, ...]]()
    with suppress(sqlite3.Error, UnicodeDecodeError):
        found.extend(db.execute(sql))
    return found
