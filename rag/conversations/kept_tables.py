"""The tables of conversations, or of notebooks: in a file of the data folder, or on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from rag.store.database import Transaction


class KeptTables(Protocol):
    """Tables that are opened on first use. Thread safe.

    Methods raise sqlite3.Error for a file, and for a server the errors of rag.store.database.Database.
    `aside` and `restored` are those of DatabaseFile.
    """

    on_server: bool
    aside: Path | None
    restored: datetime | None

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commit at the end, roll back on an exception."""

    def back_up(self) -> None:
        """Back up the tables if that is due."""

    def close(self) -> None:
        """Close the file."""


class Kept:
    """What is kept in tables: where a damaged file went, what replaced it, and its backups."""

    _tables: KeptTables

    @property
    def aside(self) -> Path | None:
        """The path to which a damaged file was moved, if any."""
        return self._tables.aside

    @property
    def restored(self) -> datetime | None:
        """The time of the backup that replaced a damaged or lost file, if any."""
        return self._tables.restored

    def back_up(self) -> None:
        """Back up the file if that is due."""
        self._tables.back_up()
