"""Which files the library was read from, and what of them became no article."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from rag.documents import Skipped, Stamp
from rag.store.database import Database
from rag.store.records import FileState


class Files:
    """The tables of files; the ledger writes them, in the transaction of their articles."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def stamps(self) -> dict[str, Stamp]:
        """Every file that was read whole, with its stamp."""
        return {file: Stamp(*stamp) for file, *stamp in self._rows("SELECT * FROM files")}

    def articles(self) -> dict[str, int]:
        """How many articles each file has given, one that was not read whole included."""
        return dict(self._rows("SELECT file, count(*) FROM articles GROUP BY 1"))

    def sources(self, file: str) -> set[str]:
        """The sources of a file's articles."""
        return {str(row[0]) for row in self._rows("SELECT source FROM articles WHERE file = ?", (file,))}

    def skipped(self) -> dict[str, list[Skipped]]:
        """What was skipped, by file."""
        found: dict[str, list[Skipped]] = {}
        for source, file, reason in self._rows("SELECT source, file, reason FROM skipped ORDER BY 1"):
            found.setdefault(file, []).append(Skipped(source, reason))
        return found

    def skipped_since(self) -> list[tuple[Skipped, datetime]]:
        """What was skipped, and when first for this reason; the last first."""
        rows = self._rows("SELECT source, reason, since FROM skipped ORDER BY since DESC, source")
        return [(Skipped(source, reason), datetime.fromisoformat(since)) for source, reason, since in rows]

    def skip(self, skipped: Iterable[Skipped]) -> None:
        """Note files and addresses that were skipped unread; the next time they are not spared."""
        with self._transaction() as db:
            _skip(db, [(one.source, one) for one in skipped])
            db.executemany("DELETE FROM files WHERE file = ?", [(one.source,) for one in skipped])

    def touch(self, file: str, modified_ns: int) -> None:
        """Note that a file was written again without having changed."""
        with self._transaction() as db:
            db.execute("UPDATE files SET modified_ns = ? WHERE file = ?", (modified_ns, file))

    def forget(self, files: Iterable[str]) -> None:
        """Forget what files were like, so that they are read again; what came of them stays till then."""
        with self._transaction() as db:
            db.executemany("DELETE FROM files WHERE file = ?", [(file,) for file in files])


def finish(db: sqlite3.Connection, state: FileState) -> list[str]:
    """Note that a file was read whole; return the ids of the articles that it has no longer."""
    stamp = state.stamp
    db.execute("DELETE FROM files WHERE file = ?", (state.file,))
    db.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?)", (state.file, stamp.digest, stamp.size, stamp.modified_ns)
    )
    db.execute("DELETE FROM skipped WHERE file = ?", (state.file,))
    _skip(db, [(state.file, skipped) for skipped in state.skipped])
    without = {skipped.source for skipped in state.skipped}
    if state.file in without:  # as a whole: what it was before is better than nothing
        return []
    kept = without | {*state.sources}
    of = "SELECT id, source FROM articles WHERE file = ?"
    return [str(i) for i, source in db.execute(of, (state.file,)).fetchall() if source not in kept]


def _skip(db: sqlite3.Connection, skipped: Iterable[tuple[str, Skipped]]) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    db.executemany(
        "INSERT INTO skipped VALUES (?, ?, ?, ?) ON CONFLICT (source) DO UPDATE"
        " SET file = excluded.file, reason = excluded.reason, since = excluded.since"
        " WHERE reason != excluded.reason",
        [(one.source, file, one.reason, now) for file, one in skipped],
    )
