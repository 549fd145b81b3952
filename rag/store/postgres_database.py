"""The PostgreSQL database of a library: a pool of connections, and its transactions.

Transactions wait for each other, those of other processes too: the ledger is written as with SQLite, one
writer at a time, for milliseconds. Embedding, which takes seconds, happens outside of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from rag.errors import LibraryBusy
from rag.locales.message import Message
from rag.store.database import Cursor, Transaction
from rag.store.keyword_rebuild import rebuild_keywords
from rag.store.keyword_table import KeywordTable
from rag.store.ledger_rows import identity_of
from rag.store.postgres_errors import is_lost, server_errors, server_of
from rag.store.postgres_migrations import migrate, migrate_part
from rag.store.tsvector_keywords import TsvectorKeywords

_MAX_CONNECTIONS = 10
"""Maximum number of connections of a process; PostgreSQL's default is 100 for all. Not fitted."""
_WAIT_S = 15.0
"""Seconds to wait for a connection. Not fitted."""
_KWARGS = {"autocommit": True, "connect_timeout": 10, "application_name": "byline"}
_WRITING, _OWNING, _WRITING_SHARD = 1_113_154_625, 1_113_154_626, 1_113_154_627
"""The classes of our advisory locks. The schema is the object: a database may hold several libraries."""
_OF_SCHEMA = "hashtext(current_schema())"
_WAIT_FOR_WRITERS = f"SELECT pg_advisory_xact_lock({_WRITING}, hashtext(current_schema() || %s))".encode()
_ROWS_AT_ONCE = 500
"""Articles that `check` reads at a time. Not fitted."""


class PostgresDatabase:
    """The tables of a library on a server; see Database.

    A query whose connection is lost is run again on another, once. Raises DatabaseUnavailable, NotPermitted
    or DiskFull.
    """

    reindexed = False

    def __init__(self, url: str) -> None:
        self.changed, self._url, self._server = False, url, server_of(url)
        self._own = threading.local()  # the transaction of this thread
        self._owner: psycopg.Connection | None = None
        self._pool = ConnectionPool(
            url, min_size=1, max_size=_MAX_CONNECTIONS, kwargs=_KWARGS, configure=_configure, open=False
        )
        self.keywords: KeywordTable = TsvectorKeywords(self.rows)
        with server_errors(self._server), self._connected() as connection, connection.transaction():
            connection.execute(_WAIT_FOR_WRITERS, ("",))
            migrate(_Statements(connection))
            rebuild_keywords(_Statements(connection), self.keywords)
        self._pool.open()

    def own(self) -> None:
        """Become the only process that writes this library's vectors, until `close`. Raises LibraryBusy."""
        with server_errors(self._server):
            self._owner = self._connected()
            lock = f"SELECT pg_try_advisory_lock({_OWNING}, {_OF_SCHEMA})"
            if not self._owner.execute(lock.encode()).fetchall()[0][0]:
                self._owner.close()
                raise LibraryBusy("busy", folder=self._server, owner=Message.of("busy_another"))

    def close(self) -> None:
        """Close the connections."""
        self.changed = False
        self._pool.close()
        if self._owner:
            self._owner.close()

    @contextmanager
    def transaction(self, part: str = "") -> Iterator[Transaction]:
        """Commit at the end, roll back on an exception; others that write the part wait meanwhile.

        Raises as the class says.
        """
        self.rows("SELECT 1")  # so that the pool has a living connection
        pooled = self._pool.connection(_WAIT_S)
        with server_errors(self._server), pooled as connection, connection.transaction():
            connection.execute(_WAIT_FOR_WRITERS, (part,))
            self._own.transaction = _Statements(connection)
            try:
                yield self._own.transaction
            finally:
                self._own.transaction = None
        self.changed = True

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query. Raises as the class says."""
        if transaction := getattr(self._own, "transaction", None):
            found: list[tuple[Any, ...]] = transaction.execute(sql, values).fetchall()
            return found
        with server_errors(self._server):
            try:
                return self._read(sql, values)
            except psycopg.Error as error:
                if not is_lost(error):
                    raise
                self._pool.check()
                return self._read(sql, values)

    @contextmanager
    def shard_lock(self, shard: str, *, wait: bool = True) -> Iterator[bool]:
        """See Database; a process that ends lets go."""
        lock = f"({_WRITING_SHARD}, hashtext(current_schema() || '/' || %s))"
        with server_errors(self._server), self._connected() as connection:
            take = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
            ((taken,),) = connection.execute(f"SELECT {take}{lock}".encode(), (shard,)).fetchall()
            yield taken is not False

    def migrate(self, part: str, scripts: Sequence[str], also: str = "") -> None:
        """Run the scripts of a part that were not run. Raises DatabaseUnavailable for a newer Byline's."""
        with self.transaction(part) as db:
            migrate_part(db, part, scripts, also)

    def take_numbers(self) -> None:
        """Continue the numbers of passages after the greatest."""
        used = "SELECT max(id) FROM (SELECT id FROM passages UNION ALL SELECT id FROM doomed) AS used"
        numbers = "pg_get_serial_sequence('passages', 'id')"
        self.rows(f"SELECT setval({numbers}, coalesce(({used}), 0) + 1, FALSE)")

    def check(self) -> list[str]:
        """Return the articles whose text is not the one that was written. The server checks its own files."""
        with server_errors(self._server), self._connected() as connection, connection.transaction():
            articles = connection.cursor("articles")
            articles.itersize = _ROWS_AT_ONCE
            articles.execute("SELECT source, identity, language, title, text FROM articles")
            altered = [source for source, identity, *text in articles if identity_of(*text) != identity]
        return [f"the text of {source} was altered" for source in altered]

    def _read(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._pool.connection(_WAIT_S) as connection:
            return _Statements(connection).execute(sql, values).fetchall()

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self._url, **_KWARGS)  # type: ignore[arg-type]


def _configure(connection: psycopg.Connection) -> None:
    connection.execute("SET jit = off")  # compiling a query takes longer than most of ours


class _Statements:
    """A connection that takes the statements of rag.store.database."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[object] = (), /) -> Cursor:
        """Run a statement, or a script without values."""
        return self._connection.execute(_translated(sql) if values else sql.encode(), _plain(values) or None)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]], /) -> None:
        """Run a statement once for each row of values."""
        self._connection.cursor().executemany(_translated(sql), [_plain(row) for row in rows])


@lru_cache(maxsize=512)
def _translated(sql: str) -> bytes:
    """Return a statement with psycopg's placeholders."""
    return sql.replace("%", "%%").replace("?", "%s").encode()


def _plain(values: Sequence[object]) -> Sequence[object]:
    """Return values without the character NUL, which PostgreSQL's texts cannot hold; lengths stay."""
    return [v.replace("\0", "\ufffd") if isinstance(v, str) and "\0" in v else v for v in values]
