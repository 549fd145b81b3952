"""Question → hits: dense and keyword search, balanced over languages, fused.

In a mixed index a question never sees the other languages: a passage in its own language always
scores higher, right or wrong. So each language is searched by itself, and its passages are scored
by the cosine of vectors from which the language has been taken away (rag.balancing).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.documents import Hit
from rag.embedding import Embedder
from rag.splitting import sentences
from rag.store import Store

_DEPTH = 40  # candidates from each language and from the keyword search
_KEYWORD_WEIGHT = 0.2  # cosines of right and wrong passages lie about this far apart
Vector = NDArray[np.float32]


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
        dense = self._dense(question, k, language, languages, keyword)
        scores = {n: near + _KEYWORD_WEIGHT * keyword.get(n, 0.0) for n, near in dense.items()}
        best = sorted(scores, key=scores.__getitem__, reverse=True)
        stored = self._store.ledger.passages(best[: 2 * k])  # twice: some may just have left
        return [
            Hit(stored[n].passage, stored[n].article, scores[n], dense[n], keyword.get(n))
            for n in best[: 2 * k]
            if n in stored
        ][:k]

    def likeness(self, texts: Sequence[str], language: str, hits: Sequence[Hit]) -> list[list[float]]:
        """How near each text, in a language, is to each hit: the balanced cosine of its nearest sentence.

        A row for every text, a value for every hit.
        """
        if not texts or not hits:
            return [[] for _ in texts]
        pieces = [(n, hit.passage.text[s:e]) for n, hit in enumerate(hits) for s, e in _pieces(hit)]
        vectors = self._embedder.embed_passages([*texts, *(piece for _, piece in pieces)])
        languages = [language] * len(texts) + [hits[n].article.language for n, _ in pieces]
        balanced = _unit(vectors - np.stack([self._store.shifts.passage(one) for one in languages]))
        near = balanced[: len(texts)] @ balanced[len(texts) :].T
        owner = np.array([n for n, _ in pieces])
        return [[float(row[owner == n].max()) for n in range(len(hits))] for row in near]

    def _dense(
        self, question: str, k: int, language: str, languages: Sequence[str], also: Iterable[int]
    ) -> dict[int, float]:
        """Balanced cosines of each language's nearest passages, and of those in `also`, by number."""
        shifts = self._store.shifts
        balanced = _unit(self._embedder.embed_query(question) - shifts.question(language))
        cosines: dict[int, float] = {}
        for other in languages or self._store.vectors.languages():
            shift = shifts.passage(other)
            # the question, moved to where this language's passages lie
            found = self._store.vectors.nearest(other, _unit(balanced + shift), max(_DEPTH, 2 * k))
            found |= self._store.vectors.vectors(other, [n for n in also if n not in found])
            for number, vector in found.items():
                cosines[number] = float(_unit(vector - shift) @ balanced)
        return cosines


def _pieces(hit: Hit) -> list[tuple[int, int]]:
    """A passage's sentences, and the whole of it."""
    text = hit.passage.text
    return [*sentences(text, hit.article.language), (0, len(text))]


def _unit(vectors: Vector) -> Vector:
    """Rows (or the one row) of length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)
