"""What the classes of the store ask of a database. SQLite and PostgreSQL understand the same statements.

Placeholders are `?`. The statements use only what both engines know: ON CONFLICT, TRUE, NULLS LAST, CAST,
substr, json_each of an object, and the functions `instr` and `fold`, which PostgreSQL is given.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from rag.store.keyword_table import KeywordTable


class Cursor(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int:
        """The number of rows that a statement has changed."""

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """Return all rows."""

    def __iter__(self) -> Iterator[Any]: ...


class Transaction(Protocol):
    """Statements that are committed together."""

    def execute(self, sql: str, values: Sequence[object] = ..., /) -> Cursor:
        """Run a statement."""

    def executemany(self, sql: str, rows: Iterable[Sequence[object]], /) -> object:
        """Run a statement once for each row of values."""


class Database(Protocol):
    """The tables of a library, for all threads.

    `keywords` is the index that they share a transaction with. `reindexed`: a migration has emptied the
    derived tables. `changed`: a transaction was committed since opening.
    """

    keywords: KeywordTable
    reindexed: bool
    changed: bool

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commit at the end, roll back on an exception; others that write wait meanwhile.

        Raises DiskFull, NotPermitted, LibraryDamaged, and DatabaseUnavailable for a server.
        """

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query; in a transaction of this thread, those that it sees."""

    def shard_lock(self, shard: str, *, wait: bool = True) -> AbstractContextManager[bool]:
        """Be the only process that writes a shard's vectors; without `wait` yields False if another is."""

    def check(self) -> list[str]:
        """Return the faults of the database. Reads every text."""

    def take_numbers(self) -> None:
        """Continue the numbers of passages after the greatest, where rows were written with their numbers."""

    def close(self) -> None:
        """Close the connections."""


class ServerDatabase(Database, Protocol):
    """A database on a server, which also holds the tables of other packages, called a part of it."""

    def transaction(self, part: str = "") -> AbstractContextManager[Transaction]:
        """See Database; only those wait that write the same part."""

    def own(self) -> None:
        """Become the only process that writes vectors in a folder, until `close`. Raises LibraryBusy."""

    def migrate(self, part: str, scripts: Sequence[str], also: str = "") -> None:
        """Run those of a part's SQL scripts, in SQLite's types, that were not run; `also` after the first.

        Raises DatabaseUnavailable for tables of a newer Byline.
        """


def bound(limit: int) -> int:
    """Return a LIMIT that both engines take; a negative one means no limit."""
    return limit if limit >= 0 else sys.maxsize
