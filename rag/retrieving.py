"""Question → hits: dense and keyword search, balanced over languages, fused by rank.

In a mixed index a question never sees the other languages: a passage in its own language always
scores higher, right or wrong. So each language is searched by itself, and its passages are scored
by the cosine of vectors from which the language has been taken away (rag.balancing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.documents import Hit
from rag.embedding import Embedder
from rag.store import Store

_DEPTH = 40  # candidates from each language and from the keyword search
_RANK = 60  # reciprocal rank fusion's constant, as in Cormack et al. 2009
_KEYWORD_WEIGHT = 0.3
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Candidates:
    ids: list[int]
    dense: list[float]


class Retriever:
    """Finds passages in a store. Thread safe where the embedder is."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store, self._embedder = store, embedder

    def search(
        self, question: str, k: int, *, language: str = "", languages: Sequence[str] = ()
    ) -> list[Hit]:
        """The k best passages, best first; `language` is the question's, `languages` a filter."""
        if k < 1 or not question.strip():
            return []
        keyword = self._store.ledger.keyword_search(question, max(_DEPTH, k), languages)
        candidates = self._dense(question, k, language, languages, keyword)
        ranks = {number: rank for rank, number in enumerate(keyword, 1)}
        scored = [
            (_fused(rank, ranks.get(number)), dense, number)
            for rank, (dense, number) in enumerate(
                sorted(zip(candidates.dense, candidates.ids, strict=True), reverse=True), 1
            )
        ]
        best = sorted(scored, reverse=True)[: 2 * k]  # twice: passages may just have left
        stored = self._store.ledger.passages(number for _, _, number in best)
        return [
            Hit(stored[n].passage, stored[n].article, score, dense, ranks.get(n))
            for score, dense, n in best
            if n in stored
        ][:k]

    def _dense(
        self, question: str, k: int, language: str, languages: Sequence[str], keyword: Sequence[int]
    ) -> _Candidates:
        shifts = self._store.shifts
        balanced = _unit(self._embedder.embed_query(question) - shifts.question(language))
        found = _Candidates([], [])
        for other in languages or self._store.vectors.languages():
            shift = shifts.passage(other)
            # the question, moved to where this language's passages lie
            ids, vectors = self._store.vectors.nearest(other, _unit(balanced + shift), max(_DEPTH, 2 * k))
            there = set(ids)
            extra = self._store.vectors.vectors(other, [n for n in keyword if n not in there])
            if extra:
                ids, vectors = [*ids, *extra], np.vstack([vectors, *extra.values()])
            found.ids.extend(ids)
            found.dense.extend((_unit(vectors - shift) @ balanced).tolist())
        return found


def _fused(dense_rank: int, keyword_rank: int | None) -> float:
    score = 1 / (_RANK + dense_rank)
    return score + (_KEYWORD_WEIGHT / (_RANK + keyword_rank) if keyword_rank else 0.0)


def _unit(vectors: Vector) -> Vector:
    """Rows (or the one row) of length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)
