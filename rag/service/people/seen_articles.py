"""The articles that a person may see: the list, the trash, corrections, records of reading, suggestions.

The classes hold no database of their own, so that a method which does not ask the view fails instead of
showing everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rag.dossiers.suggested_questions import SuggestedQuestions
from rag.errors import NothingThere
from rag.service.people.view import View
from rag.store.article_list import ArticleList, ArticleQuery, ListedArticle
from rag.store.left_out import ReadingRecord, ReadingRecords
from rag.store.mendings import Mendings, Values
from rag.store.trash import RemovedArticle, Trash
from rag.types import ArticleInfo, Filters, Skipped


class SeenList(ArticleList):
    """The list of articles, and for editors from whom nothing is hidden the skipped sources.

    Skipped sources are in no collection, so it is not known who may read their names.
    """

    def __init__(self, everything: ArticleList, view: View) -> None:
        self._all, self._view = everything, view

    def count(self, query: ArticleQuery) -> int:
        """See ArticleList."""
        return self._all.count(self._bounded(query))

    def page(self, query: ArticleQuery, limit: int, offset: int = 0) -> list[ListedArticle]:
        """See ArticleList."""
        return self._all.page(self._bounded(query), limit, offset)

    def skipped(self, limit: int, offset: int = 0) -> list[tuple[Skipped, datetime]]:
        """See ArticleList."""
        return self._all.skipped(limit, offset) if self._view.edits_all else []

    def skipped_count(self) -> int:
        """See ArticleList."""
        return self._all.skipped_count() if self._view.edits_all else 0

    def languages(self, query: ArticleQuery = ArticleQuery()) -> dict[str, int]:
        """See ArticleList."""
        return self._all.languages(self._bounded(query))

    def outlets(self, query: ArticleQuery = ArticleQuery()) -> dict[str, int]:
        """See ArticleList."""
        return self._all.outlets(self._bounded(query))

    def months(self, query: ArticleQuery = ArticleQuery()) -> dict[str, int]:
        """See ArticleList."""
        return self._all.months(self._bounded(query))

    def _bounded(self, query: ArticleQuery) -> ArticleQuery:
        return replace(query, filters=self._view.bounded(query.filters))


class SeenTrash(Trash):
    """The removed articles, for editors."""

    def __init__(self, everything: Trash, view: View) -> None:
        self._all, self._view = everything, view

    def count(self, filters: Filters = Filters()) -> int:  # noqa: ARG002 - the person's own bounds count
        """See Trash."""
        return self._all.count(self._view.bounds) if self._view.person.may("editor") else 0

    def page(self, limit: int, offset: int = 0, filters: Filters = Filters()) -> list[RemovedArticle]:  # noqa: ARG002
        """See Trash."""
        return self._all.page(limit, offset, self._view.bounds) if self._view.person.may("editor") else []

    def drop(self, article_ids: Sequence[str]) -> None:
        """See Trash."""
        ids = self._view.require("editor", article_ids)
        self._view.record("article deleted", ids)
        self._all.drop(ids)


class SeenRecords(ReadingRecords):
    """How articles were read."""

    def __init__(self, everything: ReadingRecords, view: View) -> None:
        self._all, self._view = everything, view

    def of(self, article: ArticleInfo) -> ReadingRecord:
        """See ReadingRecords. Raises NothingThere."""
        if not self._view.sees(article.id):
            raise NothingThere("no_such_article", wanted=article.id)
        return self._all.of(article)


class SeenMendings(Mendings):
    """What people have corrected of articles."""

    def __init__(self, everything: Mendings, view: View) -> None:
        self._all, self._view = everything, view

    def read(self, article_id: str) -> Values:
        """See Mendings."""
        return self._all.read(article_id) if self._view.sees(article_id) else {}


class SeenSuggestions(SuggestedQuestions):
    """Questions on articles that the person may see."""

    def __init__(self, everything: SuggestedQuestions, view: View) -> None:
        self._all, self._view = everything, view

    def of_library(self, language: str, n: int = 3, filters: Filters = Filters()) -> list[str]:
        """See SuggestedQuestions."""
        return self._all.of_library(language, n, self._view.bounded(filters))
