"""Articles that a reader took out of the library: kept whole, so that they can be put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.documents import Article, ArticleInfo
from rag.store.database import Database
from rag.store.ledger import forget
from rag.store.records import INFO, article_info


@dataclass(frozen=True, slots=True)
class RemovedArticle:
    """An article that was taken out, and when."""

    article: ArticleInfo
    when: datetime


class Removed:
    """The table of what was taken out."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def ids(self) -> set[str]:
        """The ids of all of them."""
        return {str(row[0]) for row in self._rows("SELECT id FROM removed")}

    def count(self) -> int:
        """How many there are; exact copies are one."""
        return int(self._rows("SELECT count(*) FROM removed WHERE copy_of IS NULL")[0][0])

    def page(self, limit: int, offset: int = 0) -> list[RemovedArticle]:
        """Some of them, the last that was taken out first."""
        rows = self._rows(
            f"SELECT a.removed, {INFO} FROM removed a WHERE a.copy_of IS NULL"
            " ORDER BY a.removed DESC, a.id LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return [RemovedArticle(article_info(row[1:]), datetime.fromisoformat(str(row[0]))) for row in rows]

    def take(self, article_ids: Sequence[str]) -> None:
        """Take articles and their copies out, in one transaction; their vectors are doomed."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        columns = "id, source, file, title, language, published, outlet, author, url, text, copy_of"
        with self._transaction() as db:
            for article_id in article_ids:
                db.execute(
                    f"INSERT OR REPLACE INTO removed ({columns}, removed)"
                    f" SELECT {columns}, ? FROM articles WHERE id = ?2 OR copy_of = ?2",
                    (now, article_id),
                )
                copies = db.execute("SELECT id FROM articles WHERE copy_of = ?", (article_id,)).fetchall()
                for (taken,) in [*copies, (article_id,)]:
                    forget(db, taken)

    def whole(self, article_ids: Sequence[str]) -> list[tuple[Article, str]]:
        """Such articles with their texts, and the file of each; their copies after them.

        Those that are not here are left out.
        """
        marks = ",".join("?" * len(article_ids))
        rows = self._rows(
            f"SELECT a.file, a.text, {INFO} FROM removed a WHERE a.id IN ({marks}) OR a.copy_of IN ({marks})"
            " ORDER BY a.copy_of IS NOT NULL, a.rowid",
            (*article_ids, *article_ids),
        )
        return [(_article(str(text), info), str(file)) for file, text, *info in rows]

    def drop(self, article_ids: Sequence[str]) -> None:
        """Forget them for good."""
        with self._transaction() as db:
            db.executemany("DELETE FROM removed WHERE id = ?1 OR copy_of = ?1", [(i,) for i in article_ids])


def _article(text: str, row: Sequence[object]) -> Article:
    known = article_info(row)
    return Article(**{name: getattr(known, name) for name in ArticleInfo.__slots__}, text=text)
