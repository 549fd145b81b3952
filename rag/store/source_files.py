"""The files that a library was read from, and the skipped sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from rag.locales.message import from_json, to_json
from rag.reading.stamp import Stamp
from rag.store.database import Database, Transaction
from rag.store.ledger_rows import FileState
from rag.types import Skipped

_STAMP = "file, digest, size, modified_ns"


class SourceFiles:
    """The tables of files and skipped sources; the ledger writes them with the articles."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def stamps(self) -> dict[str, Stamp]:
        """Return the stamp of every file that was read completely."""
        return {file: Stamp(*stamp) for file, *stamp in self._rows(f"SELECT {_STAMP} FROM files")}

    def roots(self) -> list[str]:
        """Return the folders and files that a reader has added."""
        return [str(row[0]) for row in self._rows("SELECT path FROM roots ORDER BY 1")]

    def add_roots(self, paths: Iterable[str]) -> None:
        """Record folders and files that a reader adds."""
        with self._transaction() as db:
            db.executemany("INSERT INTO roots VALUES (?) ON CONFLICT DO NOTHING", [(path,) for path in paths])

    def articles(self) -> dict[str, int]:
        """Count the articles of each file, incompletely read ones included."""
        return dict(self._rows("SELECT file, count(*) FROM articles GROUP BY 1"))

    def by_article(self) -> dict[str, str]:
        """Return the file of each article, by id."""
        return dict(self._rows("SELECT id, file FROM articles"))

    def sources(self, file: str) -> set[str]:
        """Return the sources of a file's articles."""
        return {str(row[0]) for row in self._rows("SELECT source FROM articles WHERE file = ?", (file,))}

    def outdated(self, reader: int) -> list[str]:
        """Return the files with articles that were read by a version before `reader`."""
        held = "EXISTS (SELECT 1 FROM articles a WHERE a.file = f.file)"
        rows = self._rows(f"SELECT file FROM files f WHERE reader < ? AND {held} ORDER BY 1", (reader,))
        return [str(row[0]) for row in rows]

    def as_is(self) -> dict[str, frozenset[str]]:
        """Return the sources that are read without cleaning, by file."""
        found: dict[str, frozenset[str]] = {}
        for source, file in self._rows("SELECT source, file FROM as_is"):
            found[file] = found.get(file, frozenset()) | {source}
        return found

    def take_as_is(self, article_id: str, as_is: bool) -> str:
        """Record whether an article is read without cleaning; return its file, "" for an unknown article."""
        rows = self._rows("SELECT source, file FROM articles WHERE id = ?", (article_id,))
        for source, file in rows:
            sql = (
                "INSERT INTO as_is VALUES (?, ?) ON CONFLICT DO NOTHING"
                if as_is
                else "DELETE FROM as_is WHERE source = ?"
            )
            with self._transaction() as db:
                db.execute(sql, (source, file) if as_is else (source,))
        return str(rows[0][1]) if rows else ""

    def skipped(self) -> dict[str, list[Skipped]]:
        """Return the skipped sources by file."""
        found: dict[str, list[Skipped]] = {}
        for source, file, reason in self._rows("SELECT source, file, reason FROM skipped ORDER BY 1"):
            found.setdefault(file, []).append(Skipped(source, from_json(reason)))
        return found

    def skip(self, skipped: Iterable[Skipped]) -> None:
        """Record files and addresses that were skipped unread, so that they are tried again next time."""
        with self._transaction() as db:
            _skip(db, [(one.source, one) for one in skipped])
            db.executemany("DELETE FROM files WHERE file = ?", [(one.source,) for one in skipped])

    def touch(self, file: str, modified_ns: int) -> None:
        """Record the new modification time of a file whose content is unchanged."""
        with self._transaction() as db:
            db.execute("UPDATE files SET modified_ns = ? WHERE file = ?", (modified_ns, file))

    def forget(self, files: Iterable[str]) -> None:
        """Delete the stamps of files, so that they are read again; their articles stay until then."""
        with self._transaction() as db:
            db.executemany("DELETE FROM files WHERE file = ?", [(file,) for file in files])


def finish(db: Transaction, state: FileState) -> list[str]:
    """Record a completely read file; return the ids of articles that it no longer contains."""
    stamp = state.stamp
    db.execute("DELETE FROM files WHERE file = ?", (state.file,))
    db.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?)",
        (state.file, stamp.digest, stamp.size, stamp.modified_ns, state.reader),
    )
    db.execute("DELETE FROM skipped WHERE file = ?", (state.file,))
    _skip(db, [(state.file, skipped) for skipped in state.skipped])
    without = {skipped.source for skipped in state.skipped}
    if state.file in without:  # the whole file was skipped: its earlier articles are kept
        return []
    kept = without | {*state.sources}
    of = "SELECT id, source FROM articles WHERE file = ?"
    return [str(i) for i, source in db.execute(of, (state.file,)).fetchall() if source not in kept]


def _skip(db: Transaction, skipped: Iterable[tuple[str, Skipped]]) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    db.executemany(
        "INSERT INTO skipped VALUES (?, ?, ?, ?) ON CONFLICT (source) DO UPDATE"
        " SET file = excluded.file, reason = excluded.reason, since = excluded.since"
        " WHERE skipped.reason != excluded.reason",
        [(one.source, file, to_json(one.reason), now) for file, one in skipped],
    )
