"""Retrieve passages: dense and keyword search per language, fusion, optional reranking.

In a multilingual index, passages in the question's language score higher than all others, whether relevant or
not. So each language is searched separately, and passages are scored by the cosine of mean-centred vectors
(rag.embedding.language_means, rag.retrieval.fusion).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from rag.embedding.base import Embedder
from rag.embedding.language_means import Vector, unit
from rag.retrieval.fusion import Candidates, FusionScores, fuse
from rag.retrieval.near_duplicates import merge_duplicates
from rag.retrieval.reranker import Reranker
from rag.store.store import Store
from rag.text.sentences import sentence_spans
from rag.text.splitter import estimate_tokens
from rag.types import Filters, Hit, Why
from rag.verification.claims import Likeness

DENSE_CANDIDATES = 40
"""Minimum number of candidates per language from dense search. Fitted on XQuAD."""
KEYWORD_CANDIDATES = 20
"""Maximum number of candidates per language from keyword search. Fitted on XQuAD."""
MAX_RERANKED = 20
"""Maximum number of hits that a reranker scores. Not fitted."""
_DUPLICATES_FACTOR = 4
"""Factor on k for a second search when merging near-duplicates leaves fewer than k hits. Not fitted."""
_MAX_WORKERS = 2
"""Maximum number of languages searched in parallel. Not fitted."""
MAX_KEYWORD_HITS = 1000
"""Maximum number of passages with a keyword score. Not fitted."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates of a question with their scores; `order` holds their indices, best first."""

    candidates: Candidates
    scores: FusionScores
    order: Sequence[int]
    filters: Filters = Filters()


class Retriever:
    """Finds passages in a store. Thread safe."""

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
        """Return the k best passages, best first; `language` is the question's (ISO 639-1)."""
        if k < 1 or not question.strip():
            return []
        ranking = self.rank(question, k, language=language, filters=filters)
        if ranking is None:
            return []
        found = merge_duplicates(self.rerank(question, self.hits(ranking, k)), k)
        if len(found) < k and any(hit.copies for hit in found):  # near-duplicates were merged
            found = merge_duplicates(self.rerank(question, self.hits(ranking, _DUPLICATES_FACTOR * k)), k)
        return found

    def search_all(
        self, questions: Sequence[str], k: int, *, language: str = "", filters: Filters = Filters()
    ) -> list[Hit]:
        """Return the k best passages for several wordings of a question, ranked by their best score."""
        variants = list(dict.fromkeys(questions))
        if len(variants) == 1:
            return self.search(variants[0], k, language=language, filters=filters)
        best: dict[tuple[str, int], Hit] = {}
        for question in variants:
            for hit in self.search(question, k, language=language, filters=filters):
                place = (hit.passage.article_id, hit.passage.ordinal)
                best[place] = max(hit, best.get(place, hit), key=lambda one: one.score)
        return merge_duplicates(sorted(best.values(), key=lambda hit: -hit.score), k)

    def count_within(self, filters: Filters, max_tokens: int) -> int:
        """Count the passages that pass the filters if they and their titles fit into `max_tokens`; else 0.

        The number of tokens is an estimate.
        """
        numbers = [n for of in self._store.ledger.passage_ids(filters).values() for n in of]
        if len(numbers) > max_tokens:
            return 0
        stored = self._store.ledger.passages(numbers).values()
        titles = {one.article.id: one.article.title for one in stored}
        texts = [*titles.values(), *(one.passage.text for one in stored)]
        return len(numbers) if sum(map(estimate_tokens, texts)) <= max_tokens else 0

    def considered(self, k: int) -> int:
        """Return how many hits to fetch for k, to allow for deleted and reranked ones."""
        return 2 * max(k, MAX_RERANKED if self._reranker else 0)

    def rank(
        self,
        question: str,
        k: int,
        *,
        language: str = "",
        filters: Filters = Filters(),
    ) -> Ranking | None:
        """Score every candidate; None if there is none."""
        candidates = self.candidates(question, k, language=language, filters=filters)
        if candidates is None:
            return None
        scores = fuse(candidates)
        order = sorted(range(len(candidates.numbers)), key=scores.total.__getitem__, reverse=True)
        return Ranking(candidates, scores, order, filters)

    def candidates(
        self, question: str, k: int, *, language: str = "", filters: Filters = Filters()
    ) -> Candidates | None:
        """Return the candidates of all languages, from dense and keyword search; None if there are none."""
        means = self._store.language_means
        with ThreadPoolExecutor(1) as pool:  # both release the GIL
            search = pool.submit(self._store.keywords.search, question, MAX_KEYWORD_HITS, filters, language)
            vector = self._embedder.embed_query(question)
            keyword_hits = search.result()
        centred = means.centre_question(vector, language)
        shards = self._store.shards(filters)
        nearest = partial(self._nearest, centred, keyword_hits, max(DENSE_CANDIDATES, 2 * k))
        with ThreadPoolExecutor(_MAX_WORKERS) as pool:
            found = dict(ChainMap(*pool.map(nearest, shards, shards.values())))
        if not found:
            return None
        languages = np.array([other for other, _ in found.values()])
        rows = np.stack([row for _, row in found.values()])
        centred_rows = means.centre_passages(rows, languages)
        shares = np.array([keyword_hits[n][1] if n in keyword_hits else 0.0 for n in found], np.float32)
        return Candidates(list(found), languages, centred_rows @ centred, rows @ vector, shares)

    def _nearest(
        self,
        centred: Vector,
        keyword_hits: Mapping[int, tuple[str, float]],
        depth: int,
        language: str,
        shards: Mapping[str, list[int] | None],
    ) -> dict[int, tuple[str, Vector]]:
        """Return a language's candidates by number, each with its language and vector."""
        # Stored vectors are not centred; the question is moved by this language's mean instead.
        target = unit(centred + self._store.language_means.passage(language))
        by_keyword = [(n, shard) for n, (shard, _) in keyword_hits.items() if shard in shards]
        vectors = self._store.nearest(shards, target, depth, by_keyword[:KEYWORD_CANDIDATES])
        return {number: (language, vector) for number, vector in vectors.items()}

    def hits(self, ranking: Ranking, k: int) -> list[Hit]:
        """Return the first hits of a ranking, at most `considered(k)`, before reranking."""
        order = ranking.order[: self.considered(k)]
        stored = self._store.ledger.passages(ranking.candidates.numbers[i] for i in order)
        articles = self._store.copies.with_copies((p.article.id for p in stored.values()), ranking.filters)
        found = []
        for i in order:
            row = stored.get(ranking.candidates.numbers[i])
            if row and (remaining := articles.get(row.article.id)):  # it may have been deleted meanwhile
                newest, *copies = remaining
                passage = replace(row.passage, article_id=newest.id)
                found.append(Hit(passage, newest, *_score(ranking, i), tuple(copies)))
        return found

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Sort the first MAX_RERANKED hits by the reranker, if one is set; the others follow unchanged."""
        if self._reranker is None or not hits:
            return list(hits)
        first, others = hits[:MAX_RERANKED], hits[MAX_RERANKED:]
        scores = self._reranker.scores(question, [hit.titled for hit in first])
        reranked = [
            replace(hit, score=score, why=hit.why and replace(hit.why, rerank=score))
            for hit, score in zip(first, scores, strict=True)
        ]
        return [*sorted(reranked, key=lambda hit: -hit.score), *others]

    def centred(self, texts: Sequence[str], language: str) -> Vector:
        """Return the mean-centred vectors of texts in one language, shape (texts, dimension)."""
        return self.sentence_vectors([(text, language) for text in texts])

    def question_vector(self, question: str, language: str) -> Vector:
        """Return the mean-centred vector of a question, shape (dimension,)."""
        return self._store.language_means.centre_question(self._embedder.embed_query(question), language)

    def sentence_vectors(self, sentences: Sequence[tuple[str, str]]) -> Vector:
        """Return the mean-centred vectors of one or more (text, language) pairs, shape (pairs, dimension)."""
        vectors = self._embedder.embed_passages([text for text, _ in sentences])
        return self._store.language_means.centre_passages(vectors, [language for _, language in sentences])

    def likeness(self, texts: Sequence[str], language: str, hits: Sequence[Hit]) -> list[list[Likeness]]:
        """Return each text's cosine with the most similar sentence of each hit, with that sentence.

        There is a row for each text and a column for each hit.
        """
        if not texts or not hits:
            return [[] for _ in texts]
        pieces = [(n, hit.passage.text[s:e]) for n, hit in enumerate(hits) for s, e in _pieces(hit)]
        vectors = self._embedder.embed_passages([*texts, *(piece for _, piece in pieces)])
        languages = [language] * len(texts) + [hits[n].language for n, _ in pieces]
        centred = self._store.language_means.centre_passages(vectors, languages)
        cosines = centred[: len(texts)] @ centred[len(texts) :].T
        columns = [[i for i, (n, _) in enumerate(pieces) if n == hit] for hit in range(len(hits))]
        return [[_nearest(row, pieces, indices) for indices in columns] for row in cosines]


def _nearest(cosines: Vector, pieces: Sequence[tuple[int, str]], indices: Sequence[int]) -> Likeness:
    best = max(indices, key=cosines.__getitem__)
    return Likeness(float(cosines[best]), pieces[best][1])


def _score(ranking: Ranking, i: int) -> tuple[float, float, float, Why]:
    scores, candidates = ranking.scores, ranking.candidates
    parts = (candidates.dense, scores.balance, scores.keyword)
    why = Why(*(float(part[i]) for part in parts))
    return float(scores.total[i]), float(candidates.near[i]), float(candidates.words[i]), why


def _pieces(hit: Hit) -> list[tuple[int, int]]:
    """Return the spans of a passage's sentences and of the passage itself."""
    text = hit.passage.text
    return [*sentence_spans(text, hit.language), (0, len(text))]
