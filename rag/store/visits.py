"""What servers said of pages, to ask them later whether these have changed."""

from __future__ import annotations

from rag.store.database import Database


class Visits:
    """The table of visits; a visit is forgotten with its file, and when the file is written anew."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def last(self, file: str) -> tuple[str, str]:
        """ETag and Last-Modified of an address, as its server said them; "" where it did not."""
        rows = self._rows("SELECT etag, modified FROM visits WHERE file = ?", (file,))
        return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")

    def note(self, file: str, etag: str, modified: str) -> None:
        """Keep them for an address whose page was read."""
        known = "SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM files WHERE file = ?)"
        with self._transaction() as db:
            db.execute(f"INSERT OR REPLACE INTO visits {known}", (file, etag, modified, file))
