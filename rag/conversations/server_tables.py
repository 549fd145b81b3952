"""Tables of conversations, or of notebooks, on the PostgreSQL server that holds the library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from rag.store.database import ServerDatabase, Transaction


class ServerTables:
    """See KeptTables. `migrations` are those of the file, `also` is run after the first of them.

    `prepare` runs once, in a transaction, before the first use.
    """

    on_server = True
    aside: Path | None = None
    restored: datetime | None = None

    def __init__(
        self,
        database: ServerDatabase,
        part: str,
        migrations: Sequence[Traversable],
        prepare: Callable[[Transaction], None],
        also: Traversable | None = None,
    ) -> None:
        self._database, self._part, self._prepare = database, part, prepare
        self._migrations, self._also = migrations, also
        self._opening, self._opened = threading.Lock(), False

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        self._open()
        return self._database.rows(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commit at the end, roll back on an exception; others that write the same tables wait meanwhile."""
        self._open()
        with self._database.transaction(self._part) as db:
            yield db

    def back_up(self) -> None:
        """Do nothing: the server has its own backups."""

    def close(self) -> None:
        """Do nothing: whoever opened the database closes it."""

    def _open(self) -> None:
        with self._opening:
            if not self._opened:
                scripts = [one.read_text("utf-8") for one in self._migrations]
                self._database.migrate(
                    self._part, scripts, self._also.read_text("utf-8") if self._also else ""
                )
                with self._database.transaction(self._part) as db:
                    self._prepare(db)
                self._opened = True
