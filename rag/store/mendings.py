"""Metadata that a person has corrected. It is stored apart from what was read, so ingestion preserves it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from rag.errors import NothingThere
from rag.store.database import Database
from rag.store.exact_copies import ExactCopies
from rag.store.ledger import Ledger
from rag.types import Article, ArticleInfo

Values = Mapping[str, str | None]
"""Fields of an article as JSON has them: a date as "2025-03-09"."""
OF_COPIES = ("title", "language")
"""Fields that are equal in exact copies, so they are corrected in all of them."""
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """Corrected metadata of an article: None leaves a field unchanged, "" clears it.

    `published` is a day as "2025-03-09", `language` an ISO 639-1 code.
    """

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None

    def values(self) -> dict[str, str | None]:
        """Return the fields that are set. Raises NothingThere for an invalid value."""
        given = {name: " ".join(value.split()) for name, value in asdict(self).items() if value is not None}
        if not given.get("title", "-"):
            raise NothingThere("mend_no_title")
        if not _LANGUAGE.fullmatch(given.get("language", "en")):
            raise NothingThere("mend_bad_language", text=given["language"])
        if day := given.get("published"):
            given["published"] = _day(day).isoformat()
        return {name: value or None for name, value in given.items()}


class Mendings:
    """The table of corrected fields, each with the value that was read last."""

    def __init__(self, database: Database, ledger: Ledger, copies: ExactCopies) -> None:
        self._rows, self._transaction = database.rows, database.transaction
        self._ledger, self._copies = ledger, copies

    def read(self, article_id: str) -> Values:
        """Return the values that were read of the corrected fields; {} if there are none."""
        return self._row(article_id)[1]

    def applied(self, article: Article) -> Article:
        """Return an article that was just read with its corrected fields."""
        return _with(article, self._row(article.id)[0])

    def take(self, article: Article) -> Article:
        """Return `applied(article)`, and record the values that were read of the corrected fields."""
        mended, before = self._row(article.id)
        read = _values(article, mended)
        if mended and read != before:
            self._write([(article.id, mended, read)])
        return _with(article, mended)

    def mend(self, article_ids: Sequence[str], mending: Mending | None) -> list[str]:
        """Correct fields of articles, or with None restore the values read; return the ids that are pending.

        Titles and languages are also set in the exact copies. Raises NothingThere for an invalid value.
        """
        copies = self._copies.of(article_ids)
        if mending is None:
            return self._restore([*article_ids, *copies])
        values = mending.values()
        shared = {name: value for name, value in values.items() if name in OF_COPIES}
        mended = self._mended(article_ids, values)
        return self._ledger.rewrite([*mended, *(self._mended(copies, shared) if shared else ())])

    def _mended(self, article_ids: Iterable[str], values: Values) -> list[Article]:
        """Record corrected fields of articles; return the articles with these fields."""
        rows, result = [], []
        for article in self._ledger.with_ids(article_ids):
            mended, read = self._row(article.id)
            rows.append((article.id, {**mended, **values}, {**_values(article, values), **read}))
            result.append(_with(article, values))
        self._write(rows)
        return result

    def _restore(self, article_ids: Sequence[str]) -> list[str]:
        articles = self._ledger.with_ids(article_ids)
        changed = self._ledger.rewrite([_with(article, self.read(article.id)) for article in articles])
        with self._transaction() as db:
            db.executemany("DELETE FROM mended WHERE article = ?", [(i,) for i in article_ids])
        return changed

    def _row(self, article_id: str) -> tuple[dict[str, str | None], dict[str, str | None]]:
        """Return the corrected fields of an article, and the values that were read of them."""
        rows = self._rows("SELECT fields, read FROM mended WHERE article = ?", (article_id,))
        fields, read = rows[0] if rows else ("{}", "{}")
        return json.loads(fields), json.loads(read)

    def _write(self, rows: Iterable[tuple[str, Values, Values]]) -> None:
        packed = [(i, json.dumps(fields), json.dumps(read)) for i, fields, read in rows]
        again = "ON CONFLICT (article) DO UPDATE SET fields = excluded.fields, read = excluded.read"
        with self._transaction() as db:
            db.executemany(f"INSERT INTO mended VALUES (?, ?, ?) {again}", packed)


def _with(article: Article, values: Values) -> Article:
    given: dict[str, Any] = dict(values)
    if day := given.get("published"):
        given["published"] = _day(day)
    return replace(article, **given)


def _values(article: ArticleInfo, names: Iterable[str]) -> dict[str, str | None]:
    """Return fields of an article as JSON has them."""
    values = {name: getattr(article, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NothingThere("mend_bad_day", text=text) from error
