"""Exact copies: articles of the same language, title and text are one article with several sources.

The one that came first holds the passages; each other is a row that says of which it is a copy. When the
first leaves, the next takes its passages over, with their vectors: they are made of title and text alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from rag.documents import ArticleInfo, Filters
from rag.store.conditions import conditions
from rag.store.database import Database
from rag.store.records import INFO, article_info


class Copies:
    """Reads which articles are copies; the ledger writes them, in the transaction of their articles."""

    def __init__(self, database: Database) -> None:
        self._rows = database.rows

    def count(self) -> int:
        """How many there are beside the articles that they are copies of."""
        return int(self._rows("SELECT count(*) FROM articles WHERE copy_of IS NOT NULL")[0][0])

    def owner(self, article_id: str) -> str:
        """The id of the article that holds the passages of this one: its own, or another's."""
        rows = self._rows("SELECT copy_of FROM articles WHERE id = ?", (article_id,))
        return str(rows[0][0]) if rows and rows[0][0] else article_id

    def standing(self, ids: Iterable[str], filters: Filters = Filters()) -> dict[str, list[ArticleInfo]]:
        """By the ids of articles that hold passages: these and their copies that pass, the newest first."""
        wanted = sorted(set(ids))
        where, values = conditions(Filters(since=filters.since, until=filters.until, sources=filters.sources))
        marks = ",".join("?" * len(wanted))
        found: dict[str, list[ArticleInfo]] = {}
        for owner, *info in self._rows(
            f"SELECT coalesce(a.copy_of, a.id), {INFO} FROM articles a"
            f" WHERE (a.id IN ({marks}) OR a.copy_of IN ({marks})) AND {where}"
            " ORDER BY a.published DESC, a.copy_of IS NOT NULL, a.id",
            (*wanted, *wanted, *values),
        ):
            found.setdefault(str(owner), []).append(article_info(info))
        return found


def owner_of(db: sqlite3.Connection, identity: str) -> str | None:
    """The article of this identity that holds the passages."""
    of = "SELECT id FROM articles WHERE identity = ? AND copy_of IS NULL"
    row = db.execute(of, (identity,)).fetchone()
    return str(row[0]) if row else None


def hand_over(db: sqlite3.Connection, article_id: str) -> bool:
    """Let the first copy of an article, where there is one, hold its passages from now on."""
    of = "SELECT id FROM articles WHERE copy_of = ? ORDER BY rowid LIMIT 1"
    row = db.execute(of, (article_id,)).fetchone()
    if not row:
        return False
    heir = str(row[0])
    state = "(SELECT state FROM articles WHERE id = ?)"
    db.execute(f"UPDATE articles SET copy_of = NULL, state = {state} WHERE id = ?", (article_id, heir))
    db.execute("UPDATE articles SET copy_of = ? WHERE copy_of = ?", (heir, article_id))
    db.execute("UPDATE passages SET article_id = ? WHERE article_id = ?", (heir, article_id))
    return True
