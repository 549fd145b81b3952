"""The processes of Byline that have a library on a server open: each tells once a second that it is alive.

A process that was not seen for ALIVE_S seconds, by the server's clock, counts as ended: what it had taken is
free, and what it was writing is cut off. One that was only suspended is a new process when it goes on.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Literal

from rag.errors import BylineError
from rag.store.database import ServerDatabase
from rag.store.filter_sql import listed

Kind = Literal["app", "worker", "command"]
BEAT_S = 1.0
"""Seconds between two signs of life. Not fitted."""
ALIVE_S = 15.0
"""Seconds after its last sign for which a process counts as alive. Not fitted."""
PART = "processes"
_SEEN = (
    "INSERT INTO processes (id, kind, seen) VALUES (?, ?, now())"
    " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, seen = excluded.seen"
)
_log = logging.getLogger(__name__)


def is_alive() -> str:
    """Return a condition on the table of processes, `c`."""
    return f"c.seen > now() - interval '{ALIVE_S} seconds'"


class Processes:
    """This process of Byline, as the others see it, until `close`."""

    def __init__(self, database: ServerDatabase, kind: Kind = "command") -> None:
        self.id, self.kind, self._database = secrets.token_hex(8), kind, database
        self._on_beat: list[Callable[[], None]] = []
        self._stop, self._last_beat, self._steady_since = threading.Event(), -ALIVE_S, 0.0
        scripts = (files("rag.store") / name for name in ("processes.sql", "jobs.sql"))
        database.migrate(PART, [script.read_text("utf-8") for script in scripts])
        self._beat()
        # Two threads, because a slow watch must not keep this process from telling that it is alive.
        self._threads = [
            threading.Thread(target=self._repeat, args=(calls,), name="processes", daemon=True)
            for calls in ([self._beat], self._on_beat)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def steady(self) -> bool:
        """Whether this process's signs of life came in time, else those of others may be late as well."""
        return time.monotonic() - self._steady_since > ALIVE_S

    def on_beat(self, call: Callable[[], None]) -> None:
        """Call a function once a second, in a thread of its own."""
        self._on_beat.append(call)

    def is_now(self, kind: Kind) -> None:
        """Tell the others what this process does."""
        self.kind = kind
        self._beat()

    def others(self, *kinds: Kind) -> int:
        """Return the number of other processes of these kinds that are alive."""
        marks = ", ".join("?" * len(kinds))
        sql = f"SELECT count(*) FROM processes c WHERE c.kind IN ({marks}) AND c.id <> ? AND {is_alive()}"
        return int(self._database.rows(sql, (*kinds, self.id))[0][0])

    def leads(self) -> bool:
        """Tell whether this is the first of the apps, which does what one of them has to do."""
        first = f"SELECT min(id) FROM processes c WHERE c.kind = 'app' AND {is_alive()}"
        return bool(self._database.rows(first)[0][0] == self.id)

    def left_to_workers(self) -> bool:
        """See VectorQueue."""
        return self.kind != "worker" and self.others("worker") > 0

    def take(self, limit: int, without: Sequence[str] = ()) -> list[str]:
        """See VectorQueue."""
        of = f"SELECT article_id FROM passages WHERE shard IN ({', '.join('?' * len(without))})"
        return self._take(f"a.id NOT IN ({of})" if without else "TRUE", without, limit)

    def take_among(self, articles: Sequence[str]) -> list[str]:
        """See VectorQueue."""
        of, among = listed(articles)
        return self._take(f"a.id IN ({of})", [among], len(articles))

    def _take(self, condition: str, values: Sequence[str], limit: int) -> list[str]:
        free = "a.state = 'pending' AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.article = a.id)"
        with self._database.transaction(PART) as db:
            db.execute(_SEEN, (self.id, self.kind))  # it may have been suspended
            db.execute(f"DELETE FROM processes c WHERE NOT ({is_alive()})")
            taken = db.execute(
                "INSERT INTO leases (article, process)"
                f" SELECT a.id, ? FROM articles a WHERE {free} AND {condition}"
                " ORDER BY a.rowid LIMIT ? FOR UPDATE OF a SKIP LOCKED"
                " ON CONFLICT DO NOTHING RETURNING article",
                (self.id, *values, limit),
            )
            return [str(article) for (article,) in taken]

    def give_back(self, articles: Sequence[str]) -> None:
        """See VectorQueue."""
        with self._database.transaction(PART) as db:
            db.executemany(
                "DELETE FROM leases WHERE article = ? AND process = ?", [(one, self.id) for one in articles]
            )

    def close(self) -> None:
        """Tell the others that this process ends."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        try:
            with self._database.transaction(PART) as db:
                db.execute("DELETE FROM processes WHERE id = ?", (self.id,))
        except BylineError as error:
            _log.warning("%s", error)

    def _repeat(self, calls: Sequence[Callable[[], None]]) -> None:
        while not self._stop.wait(BEAT_S):
            for call in tuple(calls):
                try:
                    call()
                except BylineError as error:  # the server is away; what is open tells of it
                    _log.info("%s", error)
                except Exception:
                    _log.exception("A watch over other processes failed")

    def _beat(self) -> None:
        with self._database.transaction(PART) as db:
            db.execute(_SEEN, (self.id, self.kind))
        if time.monotonic() - self._last_beat > ALIVE_S / 3:
            self._steady_since = time.monotonic()
        self._last_beat = time.monotonic()
