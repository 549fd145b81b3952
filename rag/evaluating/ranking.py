"""A question → the documents that it finds, best first; and how long that takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import TypedDict

import numpy as np

from rag.documents import Filters, Hit

HITS = 100
"""Passages that are asked for: an article has several, and each counts once, where its best one stands."""
ENOUGH = 20
"""Documents that a ranking must have where there are as many: the deepest measure looks so far."""

Search = Callable[[str, int, Filters], Sequence[Hit]]


class SearchTimes(TypedDict):
    """How many searches for how many `hits` each, and milliseconds, the question's embedding included."""

    searches: int
    hits: int
    median_ms: float
    p95_ms: float


class Ranker:
    """Ranks documents by a search for passages; `keys` are those of documents by article source."""

    def __init__(self, search: Search, keys: Mapping[str, str]) -> None:
        self._search, self._keys = search, keys
        self._milliseconds: list[float] = []

    def rank(self, question: str, filters: Filters = Filters()) -> list[str]:
        """The keys of the documents found, each once, best first."""
        began = perf_counter()
        hits = self._search(question, HITS, filters)
        self._milliseconds.append((perf_counter() - began) * 1000)
        wanted = HITS
        while len(ranked := self._documents(hits)) < ENOUGH and len(hits) == wanted:
            wanted *= 2
            hits = self._search(question, wanted, filters)
        return ranked

    def times(self) -> SearchTimes:
        """Of all searches so far."""
        median, p95 = np.percentile(self._milliseconds or [0.0], (50, 95))
        return {
            "searches": len(self._milliseconds),
            "hits": HITS,
            "median_ms": round(float(median), 2),
            "p95_ms": round(float(p95), 2),
        }

    def _documents(self, hits: Sequence[Hit]) -> list[str]:
        return list(dict.fromkeys(self._keys[hit.article.source] for hit in hits))
