"""The keyword index in PostgreSQL: tsvectors of our own words, ranked by BM25 with our own frequencies.

ts_rank knows no document frequencies: the right passage came first for 0.67 of the English questions of
XQuAD, with them for 0.84. How often a word occurs in a passage is not counted; passages are short.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from rag.store.database import Transaction, bound
from rag.store.keyword_table import ANY, Condition, Rows, vocabulary_terms
from rag.store.tsquery import tsquery, words

_K1, _B = 1.2, 0.75
"""BM25's parameters, those of FTS5."""
_MEASURED_PASSAGES, _MEASURED_S = 10_000, 300.0
"""The newest passages, of which the average length is taken, and for how many seconds. Not fitted."""
_RANK = f"""
    SELECT p.id, p.shard, f.score FROM (
        SELECT k.id, sum(q.idf / ({1 + _K1 * (1 - _B)} + CAST(? AS float8) * k.length)) AS score
        FROM unnest(CAST(? AS text[]), CAST(? AS float8[])) AS q (query, idf)
        JOIN keywords k ON k.words @@ to_tsquery('byline', q.query) GROUP BY k.id
    ) AS f JOIN passages p ON p.id = f.id
"""
_COUNTS = """
    SELECT found.n FROM unnest(CAST(? AS text[])) WITH ORDINALITY AS q (query, place) CROSS JOIN LATERAL (
        SELECT count(*) AS n FROM (
            SELECT 1 FROM keywords k {} WHERE k.words @@ to_tsquery('byline', q.query) AND {} LIMIT ?
        ) AS matching
    ) AS found ORDER BY q.place
"""
_MATCHES = "words @@ to_tsquery('byline', ?)"
_NEW_TERMS = """
    INSERT INTO vocabulary
    SELECT DISTINCT unnest(tsvector_to_array(words)) FROM keywords WHERE id = ANY(?) ON CONFLICT DO NOTHING
"""


class TsvectorKeywords:
    """The tables `keywords` and `vocabulary`; see KeywordTable."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._length, self._measured = 0.0, -_MEASURED_S

    def insert(self, db: Transaction, words_of: Iterable[tuple[int, str]]) -> None:
        """Index the words of passages."""
        split = [(number, words(text)) for number, text in words_of]
        rows = [(number, " ".join(found), len(found)) for number, found in split]
        db.executemany("INSERT INTO keywords VALUES (?, to_tsvector('byline', ?), ?)", rows)
        db.execute(_NEW_TERMS, ([number for number, _ in split],))

    def delete(self, db: Transaction, article_id: str) -> None:
        """Delete the words of an article's passages."""
        of = "SELECT id FROM passages WHERE article_id = ?"
        db.execute(f"DELETE FROM keywords WHERE id IN ({of})", (article_id,))

    def counts(self, queries: Sequence[str], limit: int, passes: Condition = ANY) -> list[int]:
        """Count the passages that match each query, up to `limit`."""
        (where, values), bounded = passes, "JOIN passages p USING (id)" if passes != ANY else ""
        rows = self._rows(_COUNTS.format(bounded, where), (list(map(tsquery, queries)), *values, limit))
        return [int(row[0]) for row in rows]

    def passages(self, query: str, limit: int) -> list[int]:
        """Return the numbers of passages that match."""
        sql = f"SELECT id FROM keywords WHERE {_MATCHES} ORDER BY id LIMIT ?"
        return [int(row[0]) for row in self._rows(sql, (tsquery(query), bound(limit)))]

    def best(self, terms: Mapping[str, float], passes: Condition, limit: int) -> list[tuple[int, str, float]]:
        """Return the best passages."""
        where, values = passes
        queries, weights = list(map(tsquery, terms)), [idf * (_K1 + 1) for idf in terms.values()]
        return self._rows(
            f"{_RANK} WHERE {where} ORDER BY f.score DESC, p.id LIMIT ?",
            (_K1 * _B / self._average(), queries, weights, *values, limit),
        )

    def articles_with(self, terms: Sequence[str]) -> tuple[str, str]:
        """Return a sub-query of the articles of which one passage has all terms, and its value."""
        of = f"SELECT p.article_id FROM keywords k JOIN passages p ON p.id = k.id WHERE k.{_MATCHES}"
        return of, " & ".join(filter(None, map(tsquery, terms)))

    def terms(self, first: str, shortest: int, longest: int) -> list[str]:
        """Return terms by their first letter and length; some may be of deleted passages only."""
        return vocabulary_terms(self._rows, first, shortest, longest)

    def passages_of(self, term: str, limit: int) -> list[int]:
        """Return the numbers of passages that contain a term."""
        sql = "SELECT id FROM keywords WHERE words @@ CAST(quote_literal(?) AS tsquery) LIMIT ?"
        return [int(row[0]) for row in self._rows(sql, (term, limit))]

    def _average(self) -> float:
        """Return the average number of words of a passage."""
        if time.monotonic() - self._measured > _MEASURED_S:
            newest = "SELECT length FROM keywords ORDER BY id DESC LIMIT ?"
            sql = f"SELECT CAST(avg(length) AS float8) FROM ({newest}) AS newest"
            self._length = self._rows(sql, (_MEASURED_PASSAGES,))[0][0] or 1.0
            self._measured = time.monotonic()
        return self._length
