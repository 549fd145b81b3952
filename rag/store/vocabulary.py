"""The vocabulary of the keyword index: its terms, and the passages with each (SQLite's fts5vocab)."""

from __future__ import annotations

from rag.store.database import Database

_TABLES = """
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, keywords, row);
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.occurrences USING fts5vocab(main, keywords, instance);
"""


class Vocabulary:
    """The terms of the index: words in lower case, without accents, stemmed as English."""

    def __init__(self, database: Database) -> None:
        self._rows = database.rows
        database.script(_TABLES)

    def terms(self, first: str, shortest: int, longest: int) -> list[str]:
        """Return the terms that begin with the letter `first` and have `shortest` to `longest` letters."""
        rows = self._rows(
            "SELECT term FROM vocabulary WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
            (first, chr(ord(first) + 1), shortest, longest),
        )
        return [str(row[0]) for row in rows]

    def passages_of(self, term: str, limit: int) -> list[int]:
        """Return the numbers of up to `limit` passages that contain a term."""
        rows = self._rows("SELECT DISTINCT doc FROM occurrences WHERE term = ? LIMIT ?", (term, limit))
        return [int(row[0]) for row in rows]
