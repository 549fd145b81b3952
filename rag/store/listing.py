"""The list of articles, page by page, and how many there are of each kind.

All of it is answered from the index `articles_shown`, which holds what a list shows: the texts, which
stand in the same rows, are never read. Measured with bench/listing.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from rag.documents import ArticleInfo, Filters, Skipped
from rag.store.conditions import conditions
from rag.store.copies import Copies
from rag.store.database import Database
from rag.store.records import INFO, article_info
from rag.store.words import query_words

Column = Literal["title", "outlet", "language", "published", "passages", "added"]
_ORDER: dict[Column, str] = {
    "title": "a.title COLLATE NOCASE",
    "outlet": "a.outlet COLLATE NOCASE",
    "language": "a.language",
    "published": "a.published",
    "passages": "passages",
    "added": "a.added",
}
_PASSAGES = "(SELECT count(*) FROM passages p WHERE p.article_id = a.id) AS passages"


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list: its passages are counted, `added` is when it last came in.

    `copies` are the same in other sources.
    """

    article: ArticleInfo
    passages: int
    added: datetime
    copies: tuple[ArticleInfo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which articles are listed, and in which order: those that pass the filters and hold the words.

    `words` are looked for as questions are, in titles and texts: an article is listed where one of its
    passages, with the title, holds them all.
    """

    words: str = ""
    filters: Filters = Filters()
    order: Column = "added"
    descending: bool = True


class Listing:
    """Reads the list of articles."""

    def __init__(self, database: Database) -> None:
        self._rows, self._copies = database.rows, Copies(database)

    def count(self, query: Query) -> int:
        """How many articles the list has."""
        where, values = _where(query)
        ((count,),) = self._rows(f"SELECT count(*) FROM articles a WHERE {where}", values)
        return int(count)

    def page(self, query: Query, limit: int, offset: int = 0) -> list[Listed]:
        """Some articles of the list; where their order does not part them, by id."""
        where, values = _where(query)
        passages = f", {_PASSAGES}" if query.order == "passages" else ""
        way = "DESC" if query.descending else "ASC"
        rows = self._rows(
            f"SELECT a.id{passages} FROM articles a WHERE {where}"
            f" ORDER BY {_ORDER[query.order]} {way} NULLS LAST, a.id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return self._listed([str(row[0]) for row in rows])

    def _listed(self, ids: Sequence[str]) -> list[Listed]:
        rows = self._rows(
            f"SELECT a.added, {_PASSAGES}, {INFO} FROM articles a WHERE a.id IN ({','.join('?' * len(ids))})",
            ids,
        )
        found = {str(info[0]): _listed(added, passages, info) for added, passages, *info in rows}
        same = self._copies.standing(ids)
        copies = {i: tuple(info for info in same.get(i, ()) if info.id != i) for i in found}
        return [replace(found[i], copies=copies[i]) for i in ids if i in found]

    def skipped(self, limit: int, offset: int = 0) -> list[tuple[Skipped, datetime]]:
        """Some of what did not become an article, and since when for this reason; the last first."""
        rows = self._rows(
            "SELECT source, reason, since FROM skipped ORDER BY since DESC, source LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return [(Skipped(source, reason), datetime.fromisoformat(since)) for source, reason, since in rows]

    def skipped_count(self) -> int:
        """How much did not become an article."""
        return int(self._rows("SELECT count(*) FROM skipped")[0][0])

    def languages(self, query: Query = Query()) -> dict[str, int]:
        """Articles by language, most first."""
        return self._grouped("a.language", query)

    def outlets(self, query: Query = Query()) -> dict[str, int]:
        """Articles by outlet, most first; those without one are left out. One of several counts for each."""
        return self._grouped("a.outlet", query, copies=True)

    def months(self, query: Query = Query()) -> dict[str, int]:
        """Articles by month of publication ("2025-03"), oldest first; those without a date are left out."""
        return dict(sorted(self._grouped("substr(a.published, 1, 7)", query).items()))

    def _grouped(self, kind: str, query: Query, *, copies: bool = False) -> dict[str, int]:
        where, values = _where(query, copies=copies)
        sql = f"SELECT {kind}, count(*) FROM articles a WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        return {str(key): int(count) for key, count in self._rows(sql, values) if key is not None}


def _where(query: Query, *, copies: bool = False) -> tuple[str, list[str]]:
    """The condition on `a` and its values; `copies` by themselves, or each with its article."""
    where, values = conditions(query.filters, "a.language")
    if not copies:
        of = f"SELECT a.copy_of FROM articles a WHERE a.copy_of IS NOT NULL AND {where}"
        passes = f"({where} OR a.id IN ({of}))" if query.filters else "1"
        where, values = f"a.copy_of IS NULL AND {passes}", [*values, *values]
    if not query.words.strip():
        return where, values
    wanted = query_words(query.words)
    if not wanted:
        return "0", []
    holds = "SELECT p.article_id FROM keywords k JOIN passages p ON p.id = k.rowid WHERE keywords MATCH ?"
    return f"coalesce(a.copy_of, a.id) IN ({holds}) AND {where}", [" AND ".join(wanted), *values]


def _listed(added: str, passages: int, info: Sequence[object]) -> Listed:
    return Listed(article_info(info), passages, datetime.fromisoformat(added))
