"""Copy rows from one database to another, and compare them; an interrupted copy is completed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import zip_longest
from typing import Any, Protocol

from rag.errors import LibraryDamaged, NotPermitted
from rag.store.database import Transaction

BATCH_ROWS = 500
"""Rows copied in one transaction. Not fitted."""
Row = tuple[Any, ...]
Tables = Mapping[str, tuple[str, str]]
"""The columns of each table, and those of its order, after the tables that it refers to."""


class Readable(Protocol):
    """What rows are read from."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows of a query."""


class Writable(Readable, Protocol):
    """What rows are written to."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commit at the end, roll back on an exception."""


def copy_rows(
    source: Readable,
    target: Writable,
    tables: Tables,
    on_row: Callable[[Transaction, str, Row], None] = lambda *_: None,
) -> int:
    """Copy the rows that the target lacks, then compare; return the number of rows of the first table.

    `on_row` is called for each row in its transaction. Raises NotPermitted if the target has rows of its
    own, LibraryDamaged if the copy differs.
    """
    for table, (columns, order) in tables.items():
        known = {_digest(row) for row in all_rows(target, table, columns, order)}
        if known - {_digest(row) for row in all_rows(source, table, columns, order) if known}:
            raise NotPermitted("copy_not_empty")
        for batch in _batches(source, table, columns, order):
            missing = [row for row in batch if _digest(row) not in known]
            with target.transaction() as db:
                insert_rows(db, table, columns, missing)
                for row in missing:
                    on_row(db, table, row)
    found = [table for table, of in tables.items() if differs(source, target, table, *of)]
    if found:
        raise LibraryDamaged("copy_differs", tables=", ".join(found))
    return int(source.rows(f"SELECT count(*) FROM {next(iter(tables))}")[0][0])


def differs(source: Readable, target: Readable, table: str, columns: str, order: str) -> bool:
    """Tell whether the rows of a table differ. Reads every row of both."""
    both = (all_rows(database, table, columns, order) for database in (source, target))
    return any(_plain(one) != _plain(other) for one, other in zip_longest(*both))


def all_rows(database: Readable, table: str, columns: str, order: str) -> Iterator[Row]:
    """Yield the rows of a table in their order."""
    for batch in _batches(database, table, columns, order):
        yield from batch


def _batches(database: Readable, table: str, columns: str, order: str) -> Iterator[list[Row]]:
    keys, last = len(order.split(", ")), None
    while rows := rows_after(database, table, f"{order}, {columns}", order, last):
        yield [row[keys:] for row in rows]
        last = list(rows[-1][:keys])


def rows_after(
    database: Readable, table: str, columns: str, order: str, last: Sequence[Any] | None
) -> list[Row]:
    """Return the next rows of a table after those up to the key `last`."""
    marks = ", ".join("?" * len(last or ()))
    after = f"WHERE ({order}) > ({marks})" if last else ""
    sql = f"SELECT {columns} FROM {table} {after} ORDER BY {order} LIMIT {BATCH_ROWS}"
    return database.rows(sql, tuple(last or ()))


def insert_rows(db: Transaction, table: str, columns: str, rows: Sequence[Row]) -> None:
    """Insert rows of the given columns."""
    marks = ", ".join("?" * len(columns.split(", ")))
    db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _digest(row: Row) -> bytes:
    return hashlib.blake2b(repr(_plain(row)).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _plain(row: Row | None) -> Row:
    """Return a row as both engines hold it: PostgreSQL replaces the character NUL. No row is an empty one."""
    return tuple(value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row or ())
