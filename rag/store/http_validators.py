"""HTTP validators (ETag, Last-Modified) of fetched pages, for conditional requests."""

from __future__ import annotations

from rag.store.database import Database


class HttpValidators:
    """The table `visits`; a row is deleted when its file is deleted or written again."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def get(self, file: str) -> tuple[str, str]:
        """Return ETag and Last-Modified of an address; "" for a header that its server did not send."""
        rows = self._rows("SELECT etag, modified FROM visits WHERE file = ?", (file,))
        return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")

    def record(self, file: str, etag: str, modified: str) -> None:
        """Store the validators of an address whose page was indexed."""
        known = "SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM files WHERE file = ?)"
        again = "ON CONFLICT (file) DO UPDATE SET etag = excluded.etag, modified = excluded.modified"
        with self._transaction() as db:
            db.execute(f"INSERT INTO visits {known} {again}", (file, etag, modified, file))
