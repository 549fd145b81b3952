"""The shards of a library, and where each of them lies: in the data folder, or on a Chroma server."""

from __future__ import annotations

from collections.abc import Sequence

from rag.store.database import Database, Transaction


class Shards:
    """The table of shards. A server is named by its address, the data folder by ""."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def servers(self) -> dict[str, str]:
        """Return the server of each shard."""
        return {str(name): str(server) for name, server in self._rows("SELECT name, server FROM shards")}

    def place(self, shard: str, server: str) -> None:
        """Record that a server holds a shard."""
        with self._transaction() as db:
            db.execute("UPDATE shards SET server = ? WHERE name = ?", (server, shard))

    def expect_vectors(self, server: str = "") -> bool:
        """Tell whether any article is recorded as having its vectors on a server."""
        of = "SELECT 1 FROM articles a JOIN passages p ON p.article_id = a.id"
        of += " JOIN shards s ON s.name = p.shard"
        return bool(self._rows(f"{of} WHERE a.state = 'done' AND s.server = ? LIMIT 1", (server,)))


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
