"""Rank documents by their passages in search results, and time the searches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import TypedDict

import numpy as np

from rag.types import Filters, Hit

PASSAGES_PER_SEARCH = 100
"""Number of passages searched for; a document's rank is that of its best passage. Not fitted."""
MIN_DOCUMENTS = 20
"""Minimum number of documents of a ranking: the depth of the deepest measure."""

Search = Callable[[str, int, Filters], Sequence[Hit]]


class SearchTimes(TypedDict):
    """Number of searches, `hits` per search, and milliseconds, including the question's embedding."""

    searches: int
    hits: int
    median_ms: float
    p95_ms: float


class Ranker:
    """Ranks documents by a search for passages; `keys` maps article sources to document keys."""

    def __init__(self, search: Search, keys: Mapping[str, str]) -> None:
        self._search, self._keys = search, keys
        self._milliseconds: list[float] = []

    def rank(self, question: str, filters: Filters = Filters()) -> list[str]:
        """Return the keys of the documents found, without repetition, best first."""
        started = perf_counter()
        hits = self._search(question, PASSAGES_PER_SEARCH, filters)
        self._milliseconds.append((perf_counter() - started) * 1000)
        limit = PASSAGES_PER_SEARCH
        while len(ranked := self._documents(hits)) < MIN_DOCUMENTS and len(hits) == limit:
            limit *= 2
            hits = self._search(question, limit, filters)
        return ranked

    def times(self) -> SearchTimes:
        """Summarise the times of all searches so far."""
        median, p95 = np.percentile(self._milliseconds or [0.0], (50, 95))
        return {
            "searches": len(self._milliseconds),
            "hits": PASSAGES_PER_SEARCH,
            "median_ms": round(float(median), 2),
            "p95_ms": round(float(p95), 2),
        }

    def _documents(self, hits: Sequence[Hit]) -> list[str]:
        return list(dict.fromkeys(self._keys[hit.article.source] for hit in hits))
