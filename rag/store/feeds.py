"""Feeds that are subscribed to: how often each is looked at, what its server said, which entries were had."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from rag.store.database import Database
from rag.store.records import Feed

_COLUMNS = "f.address, f.title, f.minutes, f.looked, f.error"


class Feeds:
    """The tables of feeds."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def all(self) -> list[Feed]:
        """Every feed, by its address."""
        had = "(SELECT count(*) FROM feed_entries e WHERE e.feed = f.address)"
        return [_feed(row) for row in self._rows(f"SELECT {_COLUMNS}, {had} FROM feeds f ORDER BY 1")]

    def due(self, now: datetime | None = None) -> list[str]:
        """Addresses of feeds that were last looked at longer ago than their interval, or never."""
        now = now or datetime.now(UTC)
        return [
            feed.address
            for feed in self.all()
            if feed.looked is None or now - feed.looked >= timedelta(minutes=feed.minutes)
        ]

    def add(self, address: str, minutes: int) -> None:
        """Subscribe; one that is there already gets the new interval."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO feeds (address, title, minutes) VALUES (?, '', ?)"
                " ON CONFLICT (address) DO UPDATE SET minutes = excluded.minutes",
                (address, minutes),
            )

    def remove(self, address: str) -> bool:
        """Unsubscribe; whether it was there. Its articles stay."""
        with self._transaction() as db:
            return db.execute("DELETE FROM feeds WHERE address = ?", (address,)).rowcount > 0

    def asked_with(self, address: str) -> tuple[str, str]:
        """ETag and Last-Modified, as the server last said them."""
        rows = self._rows("SELECT etag, modified FROM feeds WHERE address = ?", (address,))
        return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")

    def seen(self, address: str) -> set[str]:
        """The entries that were had already."""
        return {
            str(row[0]) for row in self._rows("SELECT entry FROM feed_entries WHERE feed = ?", (address,))
        }

    def looked(self, address: str, error: str = "") -> None:
        """Note a look, and what went wrong with it."""
        with self._transaction() as db:
            db.execute(
                "UPDATE feeds SET looked = ?, error = ? WHERE address = ?",
                (datetime.now(UTC).isoformat(timespec="seconds"), error, address),
            )

    def settle(self, address: str, title: str, said: tuple[str, str], entries: Iterable[str]) -> None:
        """Note what a look gave: title, ETag and Last-Modified, the entries that it has and that were had."""
        with self._transaction() as db:
            db.execute(
                "UPDATE feeds SET title = coalesce(nullif(?, ''), title), etag = ?, modified = ?"
                " WHERE address = ?",
                (title, *said, address),
            )
            db.execute("DELETE FROM feed_entries WHERE feed = ?", (address,))
            known = "SELECT ?, ? WHERE EXISTS (SELECT 1 FROM feeds WHERE address = ?)"
            db.executemany(
                f"INSERT OR IGNORE INTO feed_entries {known}",
                [(address, entry, address) for entry in entries],
            )


def _feed(row: tuple[object, ...]) -> Feed:
    address, title, minutes, looked, error, entries = row
    return Feed(
        str(address),
        str(title),
        int(str(minutes)),
        datetime.fromisoformat(str(looked)) if looked else None,
        str(error or ""),
        int(str(entries)),
    )
