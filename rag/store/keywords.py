"""The keyword index over passages, ranked by BM25."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from rag.store.database import Database
from rag.store.filter_sql import of_passages
from rag.store.keyword_terms import phrase_query, query_terms
from rag.types import Filters

_MAX_SCORED_PASSAGES = 4_000
"""Maximum number of passages scored for a question, whose rarest terms are searched. Not fitted."""
_BM25_K1 = 1.2
"""The parameter k1 of FTS5's bm25(), which is fixed in SQLite."""
_MIN_IDF = 1e-6
"""What FTS5 takes for terms of more than half of all passages."""


class KeywordIndex:
    """Searches passages by terms. The ledger writes the index, in the transaction of the passages."""

    def __init__(self, database: Database) -> None:
        self._rows, self.table = database.rows, database.keywords
        self._common: set[str] = set()  # terms that occur in too many passages
        self._total = 0  # passages at the last search

    def search(
        self,
        question: str,
        limit: int,
        filters: Filters = Filters(),
        language: str = "",
    ) -> dict[int, tuple[str, float]]:
        """Return the best passages by number, each with its shard and a score from 0 to 1, best first.

        The score is the passage's BM25, divided by the maximum for all of the question's terms. Terms that
        occur nowhere count in that maximum, so an unknown name lowers all scores.
        """
        terms = query_terms(question, language)
        total = self._passages()
        frequencies = self._frequencies(terms, filters.bounds)
        total = max(total, *frequencies.values(), 0)  # another writer may have added passages meanwhile
        wanted = _rarest(frequencies)
        if not wanted:
            return {}
        weights = {term: _idf(frequencies[term], total) for term in wanted}
        rows = self.table.best(weights, of_passages(filters), limit)
        maximum = _max_score(frequencies.values(), total)
        return {number: (str(shard), min(score / maximum, 1.0)) for number, shard, score in rows}

    def mentions(self, name: str) -> bool:
        """Tell whether a passage contains a name: its words within a short distance, in this script."""
        query = phrase_query(name)
        return bool(query) and bool(self._frequency(query))

    def has(self, term: str) -> bool:
        """Tell whether a passage matches a term of FTS5's query syntax."""
        return bool(self._frequency(term))

    def passages_with(self, phrases: Sequence[str], limit: int) -> list[int]:
        """Return the numbers of up to `limit` passages that match one of several FTS5 queries, in order."""
        wanted = " OR ".join(phrase for phrase in phrases if phrase)
        return self.table.passages(wanted, limit) if wanted else []

    def _passages(self) -> int:
        """Count the passages. After deletions, common terms may be rare again, so their cache is cleared."""
        ((total,),) = self._rows("SELECT coalesce(sum(passages), 0) FROM shards")
        if total < self._total:
            self._common.clear()
        self._total = int(total)
        return self._total

    def _frequency(self, term: str) -> int:
        return self._frequencies([term])[term]

    def _frequencies(self, terms: Sequence[str], bounds: Filters = Filters()) -> dict[str, int]:
        """Return the terms' document frequencies, counted up to one more than _MAX_SCORED_PASSAGES.

        Common terms are cached: counting a Han character that begins many words takes FTS5 0.4 s among a
        million passages. Within bounds, passages outside them do not count: what is found would betray them.
        """
        most = _MAX_SCORED_PASSAGES + 1
        if bounds:
            return dict(zip(terms, self.table.counts(terms, most, of_passages(bounds)), strict=True))
        counted = [term for term in terms if term not in self._common]
        found = dict(zip(counted, self.table.counts(counted, most), strict=True))
        self._common.update(term for term in counted if found[term] == most)
        return {term: found.get(term, most) for term in terms}


def _idf(frequency: int, total: int) -> float:
    """Return a term's inverse document frequency as FTS5 computes it."""
    return max(math.log((total - frequency + 0.5) / (frequency + 0.5)), _MIN_IDF)


def _max_score(frequencies: Iterable[int], total: int) -> float:
    """Return the BM25 score that many occurrences of each term approach, by document frequency; never 0."""
    return sum(math.log1p((total - count + 0.5) / (count + 0.5)) * (_BM25_K1 + 1) for count in frequencies)


def _rarest(frequencies: Mapping[str, int]) -> list[str]:
    """Return the rarest terms whose frequencies add up to no more than _MAX_SCORED_PASSAGES."""
    terms = sorted(frequencies, key=frequencies.__getitem__)
    sums = accumulate(frequencies[term] for term in terms)
    return [term for term, passages in zip(terms, sums, strict=True) if passages <= _MAX_SCORED_PASSAGES]
