"""Records of how each article was read: the lines left out, and whether cleaning was switched off."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.store.database import Database, Transaction
from rag.types import ArticleInfo, LeftOut

LeftOutLines = Mapping[str, Sequence[LeftOut]]
"""The left-out lines of articles, by id."""


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """The record of how an article was read.

    `left_out` is None if an early version has read the article: its lines were not recorded then. `as_is`:
    the article is read without cleaning, because a reader has asked for all lines.
    """

    article: ArticleInfo
    left_out: tuple[LeftOut, ...] | None
    as_is: bool


class ReadingRecords:
    """The column `left_out` of articles and of those in the trash, and the table `as_is`."""

    def __init__(self, database: Database) -> None:
        self._rows, self._transaction = database.rows, database.transaction

    def of(self, article: ArticleInfo) -> ReadingRecord:
        """Return the reading record of an article."""
        as_is = "EXISTS (SELECT 1 FROM as_is WHERE as_is.source = articles.source)"
        rows = self._rows(f"SELECT left_out, {as_is} FROM articles WHERE id = ?", (article.id,))
        packed, asked = rows[0] if rows else (None, False)
        lines = None if packed is None else json.loads(zlib.decompress(packed))
        left_out = None if lines is None else tuple(LeftOut(text, step) for text, step in lines)
        return ReadingRecord(article, left_out, bool(asked))

    def restore(self, article_ids: Iterable[str]) -> None:
        """Copy the left-out lines of articles back from the trash."""
        of = "SELECT left_out FROM removed r WHERE r.id = articles.id"
        where = "id IN (SELECT id FROM removed WHERE id = ? OR copy_of = ?)"
        with self._transaction() as db:
            db.executemany(
                f"UPDATE articles SET left_out = ({of}) WHERE {where}", [(i, i) for i in article_ids]
            )


def record(db: Transaction, left_out: LeftOutLines) -> None:
    """Write the left-out lines of articles."""
    rows = ((zlib.compress(_json(lines), 9), article_id) for article_id, lines in left_out.items())
    db.executemany("UPDATE articles SET left_out = ? WHERE id = ?", rows)


def _json(lines: Sequence[LeftOut]) -> bytes:
    return json.dumps([[line.text, line.step] for line in lines], ensure_ascii=False).encode()
