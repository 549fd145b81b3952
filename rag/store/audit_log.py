"""The audit log: who did what, and when. Rows are only added; triggers refuse to change or delete one."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from rag.store.database import Database, bound

Action = Literal[
    "sign-in",
    "question",
    "draft",
    "article opened",
    "article added",
    "article corrected",
    "article removed",
    "article restored",
    "article deleted",
    "access changed",
    "conversation shared",
]
COMMAND_LINE = "command line"
"""Who does what the command line does."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An action of a person; `about` is the id of an article or conversation, or a collection's access.

    It holds no text of an article, a question or an answer.
    """

    when: datetime
    person: str
    action: str
    about: str


class AuditLog:
    """The table of actions."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def record(self, person: str, action: Action, about: Iterable[str] = ("",)) -> None:
        """Add an entry for each thing that an action is about."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        rows = [(_next_id(), now, person, action, one) for one in about]
        with self._transaction() as db:
            db.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?)", rows)

    def entries(self, limit: int = -1) -> list[AuditEntry]:
        """Return the last `limit` entries (all if negative), the oldest first."""
        sql = 'SELECT "when", person, action, about FROM audit ORDER BY id DESC LIMIT ?'
        rows = self._rows(sql, (bound(limit),))
        return [AuditEntry(datetime.fromisoformat(when), *rest) for when, *rest in reversed(rows)]


def _next_id() -> str:
    """Return an id that sorts by time, and is unique among all processes."""
    return f"{time.time_ns():020d}-{secrets.token_hex(4)}"
