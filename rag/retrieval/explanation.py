"""Explain why a search did not find an article, by tracing the article through the search's steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.retrieval.near_duplicates import merge_duplicates
from rag.retrieval.retriever import DENSE_CANDIDATES, MAX_KEYWORD_HITS, Ranking, Retriever
from rag.store.article_names import find_article
from rag.store.ledger_rows import StoredPassage
from rag.store.store import Store
from rag.types import ArticleInfo, Filters, Hit


@dataclass(frozen=True, slots=True)
class SearchStep:
    """One step of a search: whether the article passed it, and the figures."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps of a search for one article, up to the first that it failed."""

    question: str
    article: ArticleInfo
    steps: tuple[SearchStep, ...]

    @property
    def lost_at(self) -> str | None:
        """Return the name of the step that the article failed; None if it was found."""
        return next((step.name for step in self.steps if not step.passed), None)


class Explainer:
    """Traces one article through a search."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def explain(self, question: str, wanted: str, k: int, *, language: str, filters: Filters) -> Explanation:
        """Trace the article that `wanted` denotes; see `find_article`, also for the errors raised."""
        article = find_article(self._store.ledger, wanted)
        steps: list[SearchStep] = []
        for step in self._steps(question, article, k, language, filters):
            steps.append(step)
            if not step.passed:
                break
        return Explanation(question, article, tuple(steps))

    def _steps(
        self, question: str, article: ArticleInfo, k: int, language: str, filters: Filters
    ) -> Iterator[SearchStep]:
        passages = self._store.ledger.passages_of([self._store.copies.owner(article.id)])
        yield SearchStep("library", bool(passages), f"{len(passages)} passages, language {article.language}")
        yield self._indexed(passages)
        yield _filters_step(article, filters, self._store.ledger.passes(article.id, filters))
        ranking = self._retriever.rank(question, k, language=language, filters=filters)
        own = {p.id for p in passages}
        yield self._candidate(question, language, filters, own, ranking)
        assert ranking is not None
        yield _ranking_step(ranking, own, self._retriever.considered(k))
        before = self._retriever.hits(ranking, k)
        after = self._retriever.rerank(question, before)
        place = _rank_of(after, article.id)
        if after != before:
            previous = _rank_of(before, article.id)
            yield SearchStep("reranker", place <= k, f"from place {previous} to {place}")
        found = merge_duplicates(after, len(after))
        if copied := next((hit for hit in found if _is_copy(hit, article.id)), None):
            others = len(copied.copies) + 1
            shown = f"{others} articles say the same; it is named with the newest, {copied.article.source}"
            yield SearchStep("copies", True, shown)
        place = _rank_of(found, article.id)
        yield SearchStep("result", place <= k, f"place {place} of the {k} asked for")

    def _indexed(self, passages: Sequence[StoredPassage]) -> SearchStep:
        stored: set[int] = set()
        for shard in {p.shard for p in passages}:
            stored |= set(self._store.placed.vectors(shard, [p.id for p in passages if p.shard == shard]))
        missing = sum(p.id not in stored for p in passages)
        away = (
            self._store.away()
            if {p.shard for p in passages} & set(self._store.placed.out_of_reach())
            else None
        )
        why = f"cannot be read: {away}" if away else "have none: python -m rag repair"
        advice = f"; {missing} {why}" if missing else ""
        found = missing < len(passages) or away is not None  # while a server is away words find them
        return SearchStep("vectors", found, f"{len(stored)} passages have a vector{advice}")

    def _candidate(
        self, question: str, language: str, filters: Filters, own: set[int], ranking: Ranking | None
    ) -> SearchStep:
        words = self._store.keywords.search(question, MAX_KEYWORD_HITS, filters, language)
        depth = DENSE_CANDIDATES
        share = max((words[n][1] for n in own & set(words)), default=0.0)
        found = own & set(ranking.candidates.numbers) if ranking else set()
        detail = f"{len(found)} of its passages are among the {depth} nearest of their language or hold"
        return SearchStep(
            "candidates", bool(found), f"{detail} the question's words ({share:.0%} of them at best)"
        )


def _filters_step(article: ArticleInfo, filters: Filters, passes: bool) -> SearchStep:
    if not filters:
        return SearchStep("filters", True, "none is set")
    facts = f"language {article.language}, date {article.published or 'unknown'}"
    outlet = f", outlet {article.outlet}" if article.outlet else ""
    return SearchStep("filters", passes, f"the article has {facts}{outlet}, source {article.source}")


def _ranking_step(ranking: Ranking, own: set[int], limit: int) -> SearchStep:
    numbers = ranking.candidates.numbers
    place, i = next((p, i) for p, i in enumerate(ranking.order, 1) if numbers[i] in own)
    scores = ranking.scores
    parts = {"dense": ranking.candidates.dense, "balance": scores.balance, "keyword": scores.keyword}
    sums = " ".join(f"{name} {part[i]:+.3f}" for name, part in parts.items())
    top = float(scores.total[ranking.order[0]])
    detail = f"its best passage is at place {place} of {len(numbers)}: {sums} = {scores.total[i]:.3f}"
    return SearchStep("ranking", place <= limit, f"{detail}; the first has {top:.3f}")


def _is_copy(hit: Hit, article_id: str) -> bool:
    return any(copy.id == article_id for copy in hit.copies)


def _names(hit: Hit, article_id: str) -> bool:
    return hit.article.id == article_id or _is_copy(hit, article_id)


def _rank_of(hits: Sequence[Hit], article_id: str) -> int:
    return next((n for n, hit in enumerate(hits, 1) if _names(hit, article_id)), len(hits) + 1)
