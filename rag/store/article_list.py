"""The list of articles, page by page, and counts by language, outlet and month.

The covering index `articles_shown` answers all queries, so the texts, which are in the same rows, are never
read. Measured with bench/listing.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from rag.locales.message import from_json
from rag.store.database import Database, bound
from rag.store.exact_copies import ExactCopies
from rag.store.filter_sql import conditions, listed, of_passages
from rag.store.keyword_terms import query_terms
from rag.store.ledger_rows import INFO, Overview, article_info
from rag.types import ArticleInfo, Filters, Skipped

Column = Literal["title", "outlet", "language", "published", "passages", "added"]
_ORDER: dict[Column, str] = {
    "title": "lower(a.title)",
    "outlet": "lower(a.outlet)",
    "language": "a.language",
    "published": "a.published",
    "passages": "passages",
    "added": "a.added",
}
_PASSAGES = "(SELECT count(*) FROM passages p WHERE p.article_id = a.id) AS passages"


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article in a list: its number of passages, when it was last indexed, and its exact copies."""

    article: ArticleInfo
    passages: int
    added: datetime
    copies: tuple[ArticleInfo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleQuery:
    """Selects and orders the articles of a list: those that pass the filters and contain the words.

    `words` are searched as terms of a question: one passage of the article, with its title, must contain all
    of them. `among` limits the list to these ids, None to all.
    """

    words: str = ""
    among: tuple[str, ...] | None = None
    filters: Filters = Filters()
    order: Column = "added"
    descending: bool = True


class ArticleList:
    """Queries the list of articles."""

    def __init__(self, database: Database) -> None:
        self._rows, self._copies = database.rows, ExactCopies(database)
        self._keywords = database.keywords

    def count(self, query: ArticleQuery) -> int:
        """Count the articles of the list."""
        where, values = self._where(query)
        ((count,),) = self._rows(f"SELECT count(*) FROM articles a WHERE {where}", values)
        return int(count)

    def page(self, query: ArticleQuery, limit: int, offset: int = 0) -> list[ListedArticle]:
        """Return a page of the list; ties are ordered by id."""
        where, values = self._where(query)
        passages = f", {_PASSAGES}" if query.order == "passages" else ""
        way = "DESC" if query.descending else "ASC"
        rows = self._rows(
            f"SELECT a.id{passages} FROM articles a WHERE {where}"
            f" ORDER BY {_ORDER[query.order]} {way} NULLS LAST, a.id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return self._listed([str(row[0]) for row in rows], query.filters.bounds)

    def _listed(self, ids: Sequence[str], bounds: Filters) -> list[ListedArticle]:
        """Describe articles; one outside the bounds is shown as its newest copy within them."""
        of, among = listed(ids)
        sql = f"SELECT a.added, {_PASSAGES}, {INFO} FROM articles a WHERE a.id IN ({of})"
        rows = self._rows(sql, (among,))
        found = {str(info[0]): _listed(added, passages, info) for added, passages, *info in rows}
        same = self._copies.with_copies(ids, bounds)
        return [_with_copies(found[i], same[i]) for i in ids if i in found and i in same]

    def skipped(self, limit: int, offset: int = 0) -> list[tuple[Skipped, datetime]]:
        """Return a page of skipped sources, each with the time its reason first applied, newest first.

        A `limit` of -1 returns all.
        """
        rows = self._rows(
            "SELECT source, reason, since FROM skipped ORDER BY since DESC, source LIMIT ? OFFSET ?",
            (bound(limit), offset),
        )
        return [
            (Skipped(source, from_json(reason)), datetime.fromisoformat(since))
            for source, reason, since in rows
        ]

    def skipped_count(self) -> int:
        """Count the skipped sources."""
        return int(self._rows("SELECT count(*) FROM skipped")[0][0])

    def overview(self, filters: Filters) -> Overview:
        """Return the size of the part of the library that passes the filters."""
        where, values = conditions(filters, "a.language")
        ((passages, updated),) = self._rows(
            f"SELECT (SELECT count(*) FROM passages p WHERE {of_passages(filters)[0]}),"
            f" (SELECT max(a.added) FROM articles a WHERE {where})",
            (*of_passages(filters)[1], *values),
        )
        counts = self.languages(ArticleQuery(filters=filters))
        when = datetime.fromisoformat(str(updated)) if updated else None
        return Overview(sum(counts.values()), int(passages), counts, when)

    def languages(self, query: ArticleQuery = ArticleQuery()) -> dict[str, int]:
        """Count articles by language, largest first."""
        return self._grouped("a.language", query)

    def outlets(self, query: ArticleQuery = ArticleQuery()) -> dict[str, int]:
        """Count articles by outlet, largest first; an article with copies counts once for each outlet."""
        return self._grouped("a.outlet", query, copies=True)

    def months(self, query: ArticleQuery = ArticleQuery()) -> dict[str, int]:
        """Count articles by month of publication ("2025-03"), oldest first; undated ones are left out."""
        return dict(sorted(self._grouped("substr(a.published, 1, 7)", query).items()))

    def _grouped(self, kind: str, query: ArticleQuery, *, copies: bool = False) -> dict[str, int]:
        where, values = self._where(query, copies=copies)
        sql = f"SELECT {kind}, count(*) FROM articles a WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        return {str(key): int(count) for key, count in self._rows(sql, values) if key is not None}

    def _where(self, query: ArticleQuery, *, copies: bool = False) -> tuple[str, list[str]]:
        """Return the SQL condition on `a` and its values; with `copies`, each copy is a row of its own."""
        where, values = conditions(query.filters, "a.language")
        if not copies:
            of = f"SELECT a.copy_of FROM articles a WHERE a.copy_of IS NOT NULL AND {where}"
            passes = f"({where} OR a.id IN ({of}))" if query.filters else "TRUE"
            where, values = f"a.copy_of IS NULL AND {passes}", [*values, *values]
        if query.among is not None:
            among, ids = listed(query.among)
            where, values = f"coalesce(a.copy_of, a.id) IN ({among}) AND {where}", [ids, *values]
        if not query.words.strip():
            return where, values
        terms = query_terms(query.words)
        if not terms:
            return "FALSE", []
        holds, words = self._keywords.articles_with(terms)
        return f"coalesce(a.copy_of, a.id) IN ({holds}) AND {where}", [words, *values]


def _with_copies(listed: ListedArticle, same: Sequence[ArticleInfo]) -> ListedArticle:
    article = listed.article if listed.article in same else same[0]
    return replace(listed, article=article, copies=tuple(info for info in same if info.id != article.id))


def _listed(added: str, passages: int, info: Sequence[object]) -> ListedArticle:
    return ListedArticle(article_info(info), passages, datetime.fromisoformat(added))
