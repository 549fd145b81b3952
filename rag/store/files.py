"""Which files the library was read from, and what of them became no article."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

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

    def touch(self, file: str, modified_ns: int) -> None:
        """Note that a file was written again without having changed."""
        with self._transaction() as db:
            db.execute("UPDATE files SET modified_ns = ? WHERE file = ?", (modified_ns, file))

    def forget(self, files: Iterable[str]) -> None:
        """Forget what is known of files, so that they are read again; their articles stay."""
        with self._transaction() as db:
            db.executemany("DELETE FROM files WHERE file = ?", [(file,) for file in files])


def finish(db: sqlite3.Connection, state: FileState) -> list[str]:
    """Note that a file was read whole; return the ids of the articles that it has no longer."""
    stamp = state.stamp
    db.execute("DELETE FROM files WHERE file = ?", (state.file,))
    db.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?)", (state.file, stamp.digest, stamp.size, stamp.modified_ns)
    )
    db.executemany(
        "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?)",
        [(skipped.source, state.file, skipped.reason) for skipped in state.skipped],
    )
    without = {skipped.source for skipped in state.skipped}
    if state.file in without:  # as a whole: what it was before is better than nothing
        return []
    kept = without | {*state.sources}
    of = "SELECT id, source FROM articles WHERE file = ?"
    return [str(i) for i, source in db.execute(of, (state.file,)).fetchall() if source not in kept]
