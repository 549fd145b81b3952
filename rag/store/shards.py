"""The shards of a library, and where each of them lies: in the data folder, or on a Chroma server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.store.database import Database, Transaction
from rag.store.ledger_rows import SET_META
from rag.store.processes import is_alive


class Shards:
    """The table of shards. A server is named by its address, the data folder by "".

    `process` is the id of this process where several may write, `lock` is Database.shard_lock.
    """

    def __init__(self, database: Database, process: str = "") -> None:
        self._rows, self._transaction, self.lock = database.rows, database.transaction, database.shard_lock
        self._process = process

    def servers(self) -> dict[str, str]:
        """Return the server of each shard."""
        return {str(name): str(server) for name, server in self._rows("SELECT name, server FROM shards")}

    def place(self, shard: str, server: str) -> None:
        """Record that a server holds a shard."""
        with self._transaction() as db:
            db.execute("UPDATE shards SET server = ? WHERE name = ?", (server, shard))

    def writing(self, place: str) -> set[str]:
        """Return the shards of a place that this process, or one that has ended, was writing to."""
        key, notes = self._note(place), f"writing {place} ".lstrip()
        if not self._process:
            found = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
            return set(found[0][0].split()) if found else set()
        others = f"SELECT 1 FROM processes c WHERE {is_alive()} AND meta.key = CAST(? AS TEXT) || c.id"
        with self._transaction() as db:
            ended = f"DELETE FROM meta WHERE substr(key, 1, ?) = ? AND NOT EXISTS ({others}) RETURNING value"
            left = db.execute(ended, (len(notes), notes, notes)).fetchall()
            shards = {shard for (value,) in left for shard in value.split()}
            if shards:
                db.execute(SET_META, (key, " ".join(sorted(shards))))
        return shards

    def record_writing(self, place: str, shards: Iterable[str]) -> None:
        """Record the shards of a place that this process is writing to."""
        with self._transaction() as db:
            db.execute(SET_META, (self._note(place), " ".join(sorted(shards))))

    def _note(self, place: str) -> str:
        return " ".join(filter(None, ("writing", place, self._process)))

    def expect_vectors(self, server: str = "") -> bool:
        """Tell whether any article is recorded as having its vectors on a server."""
        of = "SELECT 1 FROM articles a JOIN passages p ON p.article_id = a.id"
        of += " JOIN shards s ON s.name = p.shard"
        return bool(self._rows(f"{of} WHERE a.state = 'done' AND s.server = ? LIMIT 1", (server,)))

    def embedded_ids(self) -> dict[str, list[int]]:
        """Return the numbers of the passages of articles that are done, by shard."""
        result: dict[str, list[int]] = {}
        done = "JOIN articles a ON a.id = p.article_id WHERE a.state = 'done'"
        for shard, number in self._rows(f"SELECT p.shard, p.id FROM passages p {done}"):
            result.setdefault(shard, []).append(number)
        return result


def open_shard(db: Transaction, language: str, limit: int, servers: Sequence[str]) -> str:
    """Return the first shard of a language that is not full, else a new one, on the emptiest of servers."""
    of = "SELECT name FROM shards WHERE language = ? AND passages < ? ORDER BY length(name), name LIMIT 1"
    row = db.execute(of, (language, limit)).fetchone()
    if row:
        return str(row[0])
    (count,) = db.execute("SELECT count(*) FROM shards WHERE language = ?", (language,)).fetchone()
    held = dict(db.execute("SELECT server, sum(passages) FROM shards GROUP BY 1").fetchall())
    server = min(servers, key=lambda one: held.get(one, 0), default="")
    new = "INSERT INTO shards (name, language, passages, server) VALUES (?, ?, 0, ?)"
    db.execute(new, (name := f"{language}-{count}", language, server))
    return name
