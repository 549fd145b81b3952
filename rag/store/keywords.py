"""The keyword index: SQLite's FTS5 over the passages' words, ranked by BM25."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.documents import Filters
from rag.store.conditions import conditions
from rag.store.database import Database
from rag.store.words import query_words

_COMMON = 20_000
"""Passages from which on a word is too common to be looked for: each of them would be scored."""
_K1 = 1.2  # of FTS5's BM25


class Keywords:
    """Finds passages by their words. The ledger writes them, in the passages' own transaction."""

    def __init__(self, database: Database) -> None:
        self._rows = database.rows

    def search(
        self,
        question: str,
        limit: int,
        filters: Filters = Filters(),
        language: str = "",
    ) -> dict[int, tuple[str, float]]:
        """Passages by number, best first, each with its shard and how much of the question's words it holds.

        0 to 1: the passage's BM25 over that of a passage made of all the words, those that occur
        nowhere included. So common words count little, and a name that is not there counts as missing.
        """
        weights = self._weights(query_words(question, language))
        wanted = [word for word, (_, common) in weights.items() if not common]
        if not wanted:
            return {}
        where, values = conditions(filters)
        rows = self._rows(
            "SELECT k.rowid, p.shard, -k.rank FROM keywords k JOIN passages p ON p.id = k.rowid"
            f" JOIN articles a ON a.id = p.article_id WHERE keywords MATCH ? AND {where}"
            " ORDER BY k.rank LIMIT ?",
            (" OR ".join(wanted), *values, limit),
        )
        whole = sum(weight for weight, _ in weights.values())
        return {number: (str(shard), min(score / whole, 1.0)) for number, shard, score in rows}

    def _weights(self, words: Sequence[str]) -> dict[str, tuple[float, bool]]:
        """For each word about the most that BM25 gives for it, and whether it is too common."""
        ((total,),) = self._rows("SELECT coalesce(sum(passages), 0) FROM shards")
        weights = {}
        for word in words:
            holding = self._holding(word)
            # smoothed, so that it is never 0
            idf = math.log1p((total - holding + 0.5) / (holding + 0.5))
            weights[word] = idf * (_K1 + 1), holding > _COMMON
        return weights

    def _holding(self, word: str) -> int:
        """How many passages hold a word; counting ends where it is too common."""
        sql = "SELECT count(*) FROM (SELECT 1 FROM keywords WHERE keywords MATCH ? LIMIT ?)"
        ((holding,),) = self._rows(sql, (word, _COMMON + 1))
        return int(holding)
