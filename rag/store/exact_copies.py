"""Exact copies: articles of the same language, title and text are one article with several sources.

The article that came first owns the passages; the others refer to it in `copy_of`. When it is deleted, the
next copy takes over its passages with their vectors, which depend on title and text alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rag.store.database import Database, Transaction
from rag.store.filter_sql import conditions, listed
from rag.store.ledger_rows import INFO, article_info
from rag.types import ArticleInfo, Filters


class ExactCopies:
    """Queries exact copies; the ledger writes them, in the transaction of their articles."""

    def __init__(self, database: Database) -> None:
        self._rows = database.rows

    def count(self) -> int:
        """Count the copies, without the articles that they are copies of."""
        return int(self._rows("SELECT count(*) FROM articles WHERE copy_of IS NOT NULL")[0][0])

    def has(self, identity: str) -> bool:
        """Tell whether an article has this digest of language, title and text."""
        return bool(self._rows("SELECT 1 FROM articles WHERE identity = ? LIMIT 1", (identity,)))

    def owner(self, article_id: str) -> str:
        """Return the id of the article that owns the passages of this one."""
        rows = self._rows("SELECT copy_of FROM articles WHERE id = ?", (article_id,))
        return str(rows[0][0]) if rows and rows[0][0] else article_id

    def of(self, article_ids: Iterable[str]) -> list[str]:
        """Return the ids of the articles' exact copies, without the articles themselves."""
        ids = set(article_ids)
        same = self.with_copies(map(self.owner, ids)).values()
        return [info.id for infos in same for info in infos if info.id not in ids]

    def with_copies(self, ids: Iterable[str], filters: Filters = Filters()) -> dict[str, list[ArticleInfo]]:
        """Return, by owner, the owner and its copies that pass the filters, newest first."""
        where, values = conditions(replace(filters, languages=()))  # passages have passed these
        of, among = listed(ids)
        found: dict[str, list[ArticleInfo]] = {}
        for owner, *info in self._rows(
            f"SELECT coalesce(a.copy_of, a.id), {INFO} FROM articles a"
            f" WHERE (a.id IN ({of}) OR a.copy_of IN ({of})) AND {where}"
            " ORDER BY a.published DESC NULLS LAST, a.copy_of IS NOT NULL, a.id",
            (among, among, *values),
        ):
            found.setdefault(str(owner), []).append(article_info(info))
        return found


def owner_of(db: Transaction, identity: str) -> str | None:
    """Return the id of the article of this identity that owns the passages."""
    of = "SELECT id FROM articles WHERE identity = ? AND copy_of IS NULL"
    row = db.execute(of, (identity,)).fetchone()
    return str(row[0]) if row else None


def transfer_passages(db: Transaction, article_id: str) -> bool:
    """Transfer an article's passages to its first copy; return False if it has no copy."""
    of = "SELECT id FROM articles WHERE copy_of = ? ORDER BY rowid LIMIT 1"
    row = db.execute(of, (article_id,)).fetchone()
    if not row:
        return False
    successor = str(row[0])
    state = "(SELECT state FROM articles WHERE id = ?)"
    db.execute(f"UPDATE articles SET copy_of = NULL, state = {state} WHERE id = ?", (article_id, successor))
    db.execute("UPDATE articles SET copy_of = ? WHERE copy_of = ?", (successor, article_id))
    db.execute("UPDATE passages SET article_id = ? WHERE article_id = ?", (successor, article_id))
    return True
