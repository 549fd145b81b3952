"""The trash: articles that a reader removed, kept with their texts so that they can be restored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.store.article_rows import forget
from rag.store.database import Database, bound
from rag.store.filter_sql import conditions, listed
from rag.store.ledger_rows import INFO, article_info, with_text
from rag.store.originals import prune
from rag.types import Article, ArticleInfo, Filters


@dataclass(frozen=True, slots=True)
class RemovedArticle:
    """A removed article, and the time of its removal."""

    article: ArticleInfo
    when: datetime


class Trash:
    """The table of removed articles."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction
        self._keywords = database.keywords

    def ids(self) -> set[str]:
        """Return the ids of all removed articles."""
        return {str(row[0]) for row in self._rows("SELECT id FROM removed")}

    def count(self, filters: Filters = Filters()) -> int:
        """Count the removed articles within the bounds of the filters; exact copies count once."""
        where, values = conditions(filters.bounds)
        sql = f"SELECT count(*) FROM removed a WHERE a.copy_of IS NULL AND {where}"
        return int(self._rows(sql, values)[0][0])

    def page(self, limit: int, offset: int = 0, filters: Filters = Filters()) -> list[RemovedArticle]:
        """Return a page of removed articles within the bounds of the filters, the last removed first."""
        where, values = conditions(filters.bounds)
        rows = self._rows(
            f"SELECT a.removed, {INFO} FROM removed a WHERE a.copy_of IS NULL AND {where}"
            " ORDER BY a.removed DESC, a.id LIMIT ? OFFSET ?",
            (*values, bound(limit), offset),
        )
        return [RemovedArticle(article_info(row[1:]), datetime.fromisoformat(str(row[0]))) for row in rows]

    def take(self, article_ids: Sequence[str]) -> None:
        """Remove articles and their copies in one transaction; the deletion of their vectors is pending."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        columns = "id, source, file, title, language, published, outlet, author, url, text, copy_of, left_out"
        of = "FROM articles WHERE id = ? OR copy_of = ?"
        with self._transaction() as db:
            for article_id in article_ids:
                both = (article_id, article_id)
                db.execute(f"DELETE FROM removed WHERE id IN (SELECT id {of})", both)
                db.execute(f"INSERT INTO removed ({columns}, removed) SELECT {columns}, ? {of}", (now, *both))
                copies = db.execute("SELECT id FROM articles WHERE copy_of = ?", (article_id,)).fetchall()
                for (taken,) in [*copies, (article_id,)]:
                    forget(db, self._keywords, taken)

    def with_texts(self, article_ids: Sequence[str]) -> list[tuple[Article, str]]:
        """Return removed articles with their texts and files, copies last; ignore ids not in the trash."""
        of, among = listed(article_ids)
        rows = self._rows(
            f"SELECT a.file, a.text, {INFO} FROM removed a WHERE a.id IN ({of}) OR a.copy_of IN ({of})"
            " ORDER BY a.copy_of IS NOT NULL, a.rowid",
            (among, among),
        )
        return [(_article(str(text), info), str(file)) for file, text, *info in rows]

    def drop(self, article_ids: Sequence[str]) -> None:
        """Delete removed articles for good."""
        with self._transaction() as db:
            db.executemany("DELETE FROM removed WHERE id = ? OR copy_of = ?", [(i, i) for i in article_ids])
            prune(db)


def _article(text: str, row: Sequence[object]) -> Article:
    return with_text(article_info(row), text)
