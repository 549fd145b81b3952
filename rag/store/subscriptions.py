"""Subscribed feeds: interval, HTTP validators, last fetch, and the entries that were indexed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from rag.locales.message import Message, from_json, to_json
from rag.store.database import Database
from rag.store.ledger_rows import Feed

_COLUMNS = "f.address, f.title, f.minutes, f.looked, f.error"


class Subscriptions:
    """The tables of feeds."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def all(self) -> list[Feed]:
        """Return every feed, ordered by address."""
        had = "(SELECT count(*) FROM feed_entries e WHERE e.feed = f.address)"
        return [_feed(row) for row in self._rows(f"SELECT {_COLUMNS}, {had} FROM feeds f ORDER BY 1")]

    def due(self, now: datetime | None = None) -> list[str]:
        """Return the addresses of feeds whose interval has passed since the last fetch."""
        now = now or datetime.now(UTC)
        return [
            feed.address
            for feed in self.all()
            if feed.looked is None or now - feed.looked >= timedelta(minutes=feed.minutes)
        ]

    def add(self, address: str, minutes: int) -> None:
        """Subscribe to a feed, or change its interval."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO feeds (address, title, minutes) VALUES (?, '', ?)"
                " ON CONFLICT (address) DO UPDATE SET minutes = excluded.minutes",
                (address, minutes),
            )

    def remove(self, address: str) -> bool:
        """Unsubscribe; return whether the feed was subscribed to. Its articles stay."""
        with self._transaction() as db:
            return db.execute("DELETE FROM feeds WHERE address = ?", (address,)).rowcount > 0

    def validators(self, address: str) -> tuple[str, str]:
        """Return the server's last ETag and Last-Modified, "" if missing."""
        rows = self._rows("SELECT etag, modified FROM feeds WHERE address = ?", (address,))
        return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")

    def seen(self, address: str) -> set[str]:
        """Return the entries that were indexed."""
        return {
            str(row[0]) for row in self._rows("SELECT entry FROM feed_entries WHERE feed = ?", (address,))
        }

    def looked(self, address: str, error: Message | None = None) -> None:
        """Record a fetch and its error."""
        with self._transaction() as db:
            db.execute(
                "UPDATE feeds SET looked = ?, error = ? WHERE address = ?",
                (datetime.now(UTC).isoformat(timespec="seconds"), error and to_json(error), address),
            )

    def record_fetch(
        self, address: str, title: str, validators: tuple[str, str], entries: Iterable[str]
    ) -> None:
        """Record a fetch: title, (ETag, Last-Modified), and the current entries that were indexed."""
        with self._transaction() as db:
            db.execute(
                "UPDATE feeds SET title = coalesce(nullif(?, ''), title), etag = ?, modified = ?"
                " WHERE address = ?",
                (title, *validators, address),
            )
            db.execute("DELETE FROM feed_entries WHERE feed = ?", (address,))
            known = "SELECT ?, ? WHERE EXISTS (SELECT 1 FROM feeds WHERE address = ?)"
            db.executemany(
                f"INSERT INTO feed_entries {known} ON CONFLICT DO NOTHING",
                [(address, entry, address) for entry in entries],
            )


def _feed(row: tuple[object, ...]) -> Feed:
    address, title, minutes, looked, error, entries = row
    return Feed(
        str(address),
        str(title),
        int(str(minutes)),
        datetime.fromisoformat(str(looked)) if looked else None,
        from_json(str(error)) if error else None,
        int(str(entries)),
    )
