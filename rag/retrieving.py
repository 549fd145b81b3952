"""Question → hits: dense and keyword search, balanced over languages, fused, reranked where one is set.

In a mixed index a question never sees the other languages: a passage in its own language always
scores higher, right or wrong. So each language is searched by itself, and its passages are scored
by the cosine of vectors from which the language has been taken away (rag.balancing, rag.fusing).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rag.balancing import unit
from rag.checking.claims import Likeness
from rag.copies import once
from rag.documents import Filters, Hit, Why
from rag.embedding import Embedder
from rag.fusing import Candidates, Scores, fuse
from rag.reranking import Reranker
from rag.splitting import sentences
from rag.store import Store

DEPTH = 40
"""Candidates from each language by vector."""
NAMED = 20
"""Candidates from each language by keywords."""
RERANKED = 20
"""Hits that a reranker reads."""
_DEEPER = 4
"""Times as many passages are looked at where copies leave fewer than were asked for."""
_BESIDE = 2
"""Languages searched at a time."""
KEYWORDS = 1000
"""Passages whose keyword scores are looked at."""
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates of a question with their scores; `order` are their places, best first."""

    candidates: Candidates
    scores: Scores
    order: Sequence[int]
    filters: Filters = Filters()


class Retriever:
    """Finds passages in a store. Thread safe where the embedder is."""

    def __init__(self, store: Store, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self._store, self._embedder, self._reranker = store, embedder, reranker

    def search(
        self,
        question: str,
        k: int,
        *,
        language: str = "",
        filters: Filters = Filters(),
    ) -> list[Hit]:
        """The k best passages, best first; `language` is the question's."""
        if k < 1 or not question.strip():
            return []
        ranking = self.rank(question, k, language=language, filters=filters)
        if ranking is None:
            return []
        found = once(self.rerank(question, self.hits(ranking, k)), k)
        if len(found) < k and any(hit.copies for hit in found):  # copies have taken others' places
            found = once(self.rerank(question, self.hits(ranking, _DEEPER * k)), k)
        return found

    def search_all(
        self, questions: Sequence[str], k: int, *, language: str = "", filters: Filters = Filters()
    ) -> list[Hit]:
        """The k best passages for one question, asked in several ways: each as the best of them finds it."""
        ways = list(dict.fromkeys(questions))
        if len(ways) == 1:
            return self.search(ways[0], k, language=language, filters=filters)
        best: dict[tuple[str, int], Hit] = {}
        for question in ways:
            for hit in self.search(question, k, language=language, filters=filters):
                place = (hit.passage.article_id, hit.passage.ordinal)
                best[place] = max(hit, best.get(place, hit), key=lambda one: one.score)
        return once(sorted(best.values(), key=lambda hit: -hit.score), k)

    def considered(self, k: int) -> int:
        """How many of a ranking can become the k hits: some may just have left, some are reranked."""
        return 2 * max(k, RERANKED if self._reranker else 0)

    def rank(
        self,
        question: str,
        k: int,
        *,
        language: str = "",
        filters: Filters = Filters(),
    ) -> Ranking | None:
        """Every candidate, scored; None where there is none."""
        candidates = self.candidates(question, k, language=language, filters=filters)
        if candidates is None:
            return None
        scores = fuse(candidates)
        order = sorted(range(len(candidates.numbers)), key=scores.total.__getitem__, reverse=True)
        return Ranking(candidates, scores, order, filters)

    def candidates(
        self, question: str, k: int, *, language: str = "", filters: Filters = Filters()
    ) -> Candidates | None:
        """The passages nearest to a question, by vector and by keywords, in each language."""
        shifts = self._store.shifts
        with ThreadPoolExecutor(1) as pool:  # neither holds Python's lock
            named = pool.submit(self._store.keywords.search, question, KEYWORDS, filters, language)
            vector = self._embedder.embed_query(question)
            words = named.result()
        balanced = shifts.balanced_question(vector, language)
        searched = self._store.shards(filters)
        nearest = partial(self._nearest, balanced, words, max(DEPTH, 2 * k))
        with ThreadPoolExecutor(_BESIDE) as pool:
            found = dict(ChainMap(*pool.map(nearest, searched, searched.values())))
        if not found:
            return None
        languages = np.array([other for other, _ in found.values()])
        rows = np.stack([row for _, row in found.values()])
        moved = shifts.balanced_passages(rows, languages)
        shares = np.array([words[n][1] if n in words else 0.0 for n in found], np.float32)
        return Candidates(list(found), languages, moved @ balanced, rows @ vector, shares)

    def _nearest(
        self,
        balanced: Vector,
        words: Mapping[int, tuple[str, float]],
        depth: int,
        language: str,
        shards: Mapping[str, list[int] | None],
    ) -> dict[int, tuple[str, Vector]]:
        """A language's candidates by number, each with its language and vector."""
        # the question, moved to where this language's passages lie
        goal = unit(balanced + self._store.shifts.passage(language))
        named = [(n, shard) for n, (shard, _) in words.items() if shard in shards][:NAMED]
        near = self._store.nearest(shards, goal, depth, named)
        return {number: (language, row) for number, row in near.items()}

    def hits(self, ranking: Ranking, k: int) -> list[Hit]:
        """The first of a ranking, before a reranker; more than k of them."""
        order = ranking.order[: self.considered(k)]
        stored = self._store.ledger.passages(ranking.candidates.numbers[i] for i in order)
        articles = self._store.copies.standing((p.article.id for p in stored.values()), ranking.filters)
        found = []
        for i in order:
            known = stored.get(ranking.candidates.numbers[i])
            if known and (standing := articles.get(known.article.id)):  # some may just have left
                newest, *copies = standing
                passage = replace(known.passage, article_id=newest.id)
                found.append(Hit(passage, newest, *_score(ranking, i), tuple(copies)))
        return found

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """The first hits in the reranker's order, where there is one; the others follow as they were."""
        if self._reranker is None or not hits:
            return list(hits)
        first, others = hits[:RERANKED], hits[RERANKED:]
        scores = self._reranker.scores(question, [hit.titled for hit in first])
        read = [
            replace(hit, score=score, why=hit.why and replace(hit.why, rerank=score))
            for hit, score in zip(first, scores, strict=True)
        ]
        return [*sorted(read, key=lambda hit: -hit.score), *others]

    def likeness(self, texts: Sequence[str], language: str, hits: Sequence[Hit]) -> list[list[Likeness]]:
        """How near each text, in a language, is to each hit: a row for every text, a value for every hit."""
        if not texts or not hits:
            return [[] for _ in texts]
        pieces = [(n, hit.passage.text[s:e]) for n, hit in enumerate(hits) for s, e in _pieces(hit)]
        vectors = self._embedder.embed_passages([*texts, *(piece for _, piece in pieces)])
        languages = [language] * len(texts) + [hits[n].language for n, _ in pieces]
        balanced = self._store.shifts.balanced_passages(vectors, languages)
        near = balanced[: len(texts)] @ balanced[len(texts) :].T
        of = [[i for i, (n, _) in enumerate(pieces) if n == hit] for hit in range(len(hits))]
        return [[_nearest(row, pieces, there) for there in of] for row in near]


def _nearest(row: Vector, pieces: Sequence[tuple[int, str]], among: Sequence[int]) -> Likeness:
    best = max(among, key=row.__getitem__)
    return Likeness(float(row[best]), pieces[best][1])


def _score(ranking: Ranking, i: int) -> tuple[float, float, float, Why]:
    scores, candidates = ranking.scores, ranking.candidates
    parts = (candidates.dense, scores.balance, scores.keyword)
    why = Why(*(float(part[i]) for part in parts))
    return float(scores.total[i]), float(candidates.near[i]), float(candidates.words[i]), why


def _pieces(hit: Hit) -> list[tuple[int, int]]:
    """A passage's sentences, and the whole of it."""
    text = hit.passage.text
    return [*sentences(text, hit.language), (0, len(text))]
