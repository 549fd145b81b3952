"""The keyword index in SQLite: FTS5, and its vocabulary (fts5vocab)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rag.store.database import Transaction, bound
from rag.store.keyword_table import ANY, Condition, Rows, vocabulary_terms

VOCABULARY = """
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, keywords, row);
    CREATE VIRTUAL TABLE IF NOT EXISTS temp.occurrences USING fts5vocab(main, keywords, instance);
"""


class Fts5Keywords:
    """The table `keywords` and its vocabulary; see KeywordTable."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def insert(self, db: Transaction, words: Iterable[tuple[int, str]]) -> None:
        """Index the words of passages."""
        db.executemany("INSERT INTO keywords (rowid, words) VALUES (?, ?)", words)

    def delete(self, db: Transaction, article_id: str) -> None:
        """Delete the words of an article's passages."""
        of = "SELECT id FROM passages WHERE article_id = ?"
        db.execute(f"DELETE FROM keywords WHERE rowid IN ({of})", (article_id,))

    def counts(self, queries: Sequence[str], limit: int, passes: Condition = ANY) -> list[int]:
        """Count the passages that match each query, up to `limit`."""
        (where, values), bounded = passes, "JOIN passages p ON p.id = k.rowid" if passes != ANY else ""
        found = f"SELECT 1 FROM keywords k {bounded} WHERE keywords MATCH ? AND {where} LIMIT ?"
        sql = f"SELECT count(*) FROM ({found})"
        return [int(self._rows(sql, (query, *values, limit))[0][0]) for query in queries]

    def passages(self, query: str, limit: int) -> list[int]:
        """Return the numbers of passages that match."""
        sql = "SELECT rowid FROM keywords WHERE keywords MATCH ? ORDER BY rowid LIMIT ?"
        return [int(row[0]) for row in self._rows(sql, (query, bound(limit)))]

    def best(self, terms: Mapping[str, float], passes: Condition, limit: int) -> list[tuple[int, str, float]]:
        """Return the best passages; FTS5 weights the terms itself."""
        where, values = passes
        return self._rows(
            "SELECT k.rowid, p.shard, -k.rank FROM keywords k JOIN passages p ON p.id = k.rowid"
            f" WHERE keywords MATCH ? AND {where} ORDER BY k.rank LIMIT ?",
            (" OR ".join(terms), *values, limit),
        )

    def articles_with(self, terms: Sequence[str]) -> tuple[str, str]:
        """Return a sub-query of the articles of which one passage has all terms, and its value."""
        of = "SELECT p.article_id FROM keywords k JOIN passages p ON p.id = k.rowid WHERE keywords MATCH ?"
        return of, " AND ".join(terms)

    def terms(self, first: str, shortest: int, longest: int) -> list[str]:
        """Return terms by their first letter and length."""
        return vocabulary_terms(self._rows, first, shortest, longest)

    def passages_of(self, term: str, limit: int) -> list[int]:
        """Return the numbers of passages that contain a term."""
        rows = self._rows("SELECT DISTINCT doc FROM occurrences WHERE term = ? LIMIT ?", (term, limit))
        return [int(row[0]) for row in rows]
