"""Pages and feed entries as they were fetched, so that they can be read again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from rag.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of a page; `suffix` is their format (".html")."""

    data: bytes
    suffix: str


class Originals:
    """The table `originals`, by address."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def get(self, file: str) -> Original | None:
        """Return the original of an address; None if it was not kept."""
        rows = self._rows("SELECT data, suffix FROM originals WHERE file = ?", (file,))
        return Original(zlib.decompress(rows[0][0]), str(rows[0][1])) if rows else None

    def files(self) -> set[str]:
        """Return the addresses whose originals are kept."""
        return {str(row[0]) for row in self._rows("SELECT file FROM originals")}

    def keep(self, file: str, original: Original) -> None:
        """Store the original of an address, provided that the library has articles from it."""
        row = (file, original.suffix, zlib.compress(original.data), file)
        of = "SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM articles WHERE file = ?)"
        again = "ON CONFLICT (file) DO UPDATE SET suffix = excluded.suffix, data = excluded.data"
        with self._transaction() as db:
            db.execute(f"INSERT INTO originals {of} {again}", row)


def prune(db: Transaction) -> None:
    """Delete the originals whose articles are neither in the library nor in the trash."""
    db.execute(
        "DELETE FROM originals WHERE file NOT IN (SELECT file FROM articles UNION SELECT file FROM removed)"
    )
