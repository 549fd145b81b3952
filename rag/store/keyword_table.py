"""What the keyword index asks of a database: FTS5 in SQLite, tsvector in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rag.store.database import Transaction


Condition = tuple[str, Sequence[object]]
"""A condition on the table of passages, `p`, with its values."""
ANY: Condition = ("TRUE", ())
Rows = Callable[..., list[tuple[Any, ...]]]
"""Runs a query; see Database.rows."""


def vocabulary_terms(rows: Rows, first: str, shortest: int, longest: int) -> list[str]:
    """Return the terms of the table `vocabulary` by their first letter and length."""
    found = rows(
        "SELECT term FROM vocabulary WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
        (first, chr(ord(first) + 1), shortest, longest),
    )
    return [str(row[0]) for row in found]


class KeywordTable(Protocol):
    """The words of each passage, by its number. Queries have the syntax of FTS5 (rag.store.keyword_terms)."""

    def insert(self, db: Transaction, words: Iterable[tuple[int, str]]) -> None:
        """Index the words of passages, by number."""

    def delete(self, db: Transaction, article_id: str) -> None:
        """Delete the words of an article's passages."""

    def counts(self, queries: Sequence[str], limit: int, passes: Condition = ANY) -> list[int]:
        """Count the passages that match each query, up to `limit`."""

    def passages(self, query: str, limit: int) -> list[int]:
        """Return the numbers of up to `limit` passages that match, in order; -1 for all."""

    def best(self, terms: Mapping[str, float], passes: Condition, limit: int) -> list[tuple[int, str, float]]:
        """Return the best passages for any of the terms as number, shard and BM25, best first.

        `terms` are given with their inverse document frequencies.
        """

    def articles_with(self, terms: Sequence[str]) -> tuple[str, str]:
        """Return a sub-query of the articles of which one passage has all terms, and its value."""

    def terms(self, first: str, shortest: int, longest: int) -> list[str]:
        """Return the terms that begin with the letter `first` and have `shortest` to `longest` letters.

        Terms are words in lower case, without accents, stemmed as English.
        """

    def passages_of(self, term: str, limit: int) -> list[int]:
        """Return the numbers of up to `limit` passages that contain a term."""
