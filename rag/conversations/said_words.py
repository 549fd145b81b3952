"""The words of exchanges: FTS5 in a file, a tsvector on a PostgreSQL server."""

from __future__ import annotations

from typing import Protocol

from rag.conversations.full_text_search import full_text_terms
from rag.store.database import Transaction
from rag.store.keyword_terms import index_text


class SaidWords(Protocol):
    """The table `words`, by the number of the exchange."""

    def index(self, db: Transaction, number: int, text: str) -> None:
        """Index a text, instead of an earlier one."""

    def matching(self, text: str) -> tuple[str, str]:
        """Return a sub-query of the exchanges that contain all words of a text, and its value."""


class Fts5Words:
    """See SaidWords."""

    def index(self, db: Transaction, number: int, text: str) -> None:
        """Index a text, instead of an earlier one."""
        db.execute("DELETE FROM words WHERE rowid = ?", (number,))
        db.execute("INSERT INTO words (rowid, said) VALUES (?, ?)", (number, index_text(text)))

    def matching(self, text: str) -> tuple[str, str]:
        """Return a sub-query and its value."""
        query = " AND ".join(f"({' OR '.join(either)})" for either in full_text_terms(text))
        return "SELECT rowid FROM words WHERE words MATCH ?", query


class TsvectorWords:
    """See SaidWords."""

    def index(self, db: Transaction, number: int, text: str) -> None:
        """Index a text, instead of an earlier one."""
        from rag.store.tsquery import words

        db.execute(
            "INSERT INTO words (number, said) VALUES (?, to_tsvector('byline', ?))"
            " ON CONFLICT (number) DO UPDATE SET said = excluded.said",
            (number, " ".join(words(index_text(text)))),
        )

    def matching(self, text: str) -> tuple[str, str]:
        """Return a sub-query and its value."""
        from rag.store.tsquery import tsquery

        terms = (tsquery(" OR ".join(either)) for either in full_text_terms(text))
        query = " & ".join(f"({term})" for term in terms if term)
        return "SELECT number FROM words WHERE said @@ to_tsquery('byline', ?)", query


FTS5, TSVECTOR = Fts5Words(), TsvectorWords()
