"""The keyword index: SQLite's FTS5 over the passages' words, ranked by BM25."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import accumulate

from rag.documents import Filters
from rag.store.conditions import of_passages
from rag.store.database import Database
from rag.store.words import beside, query_words

_MOST = 4_000
"""Passages that are scored for a question: its rarest words are looked for, as far as these reach."""
_K1 = 1.2  # of FTS5's BM25


class Keywords:
    """Finds passages by their words. The ledger writes them, in the passages' own transaction."""

    def __init__(self, database: Database) -> None:
        self._rows = database.rows
        self._common: set[str] = set()  # words that too many passages hold
        self._total = 0  # passages at the last search

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
        words = query_words(question, language)
        total = self._passages()
        holding = {word: self._holding(word) for word in words}
        wanted = _rarest(holding)
        if not wanted:
            return {}
        where, values = of_passages(filters)
        rows = self._rows(
            "SELECT k.rowid, p.shard, -k.rank FROM keywords k JOIN passages p ON p.id = k.rowid"
            f" WHERE keywords MATCH ? AND {where}"
            " ORDER BY k.rank LIMIT ?",
            (" OR ".join(wanted), *values, limit),
        )
        whole = _whole(holding.values(), total)
        return {number: (str(shard), min(score / whole, 1.0)) for number, shard, score in rows}

    def mentions(self, name: str) -> bool:
        """Whether some passage holds the words of a name beside one another, in this script."""
        query = beside(name)
        return bool(query) and bool(self._holding(query))

    def _passages(self) -> int:
        """How many passages there are. Where some have gone, words may have become rare again."""
        ((total,),) = self._rows("SELECT coalesce(sum(passages), 0) FROM shards")
        if total < self._total:
            self._common.clear()
        self._total = int(total)
        return self._total

    def _holding(self, word: str) -> int:
        """How many passages hold a word; counting ends where they are too many.

        Words found common are not counted again: a Han character that begins many words takes FTS5 0.4 s
        among a million passages.
        """
        if word in self._common:
            return _MOST + 1
        sql = "SELECT count(*) FROM (SELECT 1 FROM keywords WHERE keywords MATCH ? LIMIT ?)"
        ((holding,),) = self._rows(sql, (word, _MOST + 1))
        if holding > _MOST:
            self._common.add(word)
        return int(holding)


def _whole(holding: Iterable[int], total: int) -> float:
    """About the most that BM25 gives for words that so many passages hold."""
    # log1p: smoothed, so that it is never 0
    return sum(math.log1p((total - count + 0.5) / (count + 0.5)) * (_K1 + 1) for count in holding)


def _rarest(holding: Mapping[str, int]) -> list[str]:
    """The rarest words, as long as the passages that hold them are not too many."""
    words = sorted(holding, key=holding.__getitem__)
    reach = accumulate(holding[word] for word in words)
    return [word for word, passages in zip(words, reach, strict=True) if passages <= _MOST]
