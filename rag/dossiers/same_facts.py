"""Merge sentences of several articles that state the same fact."""

from __future__ import annotations

from collections.abc import Sequence

from rag.dossiers.quotable_spans import QuotableSpan, ScoredSpan

MIN_SAME_FACT_COSINE = 0.57
"""Minimum mean-centred cosine of two sentences that state the same fact, in any languages. Fitted on 6
subjects of the sample library."""


def distinct(found: Sequence[ScoredSpan], language: str) -> dict[ScoredSpan, tuple[QuotableSpan, ...]]:
    """Return sentences without repetitions, in order, each with the sentences that repeat it.

    Of sentences that state the same fact, one in `language` is preferred, else the first.
    """
    groups: list[list[ScoredSpan]] = []
    for one in found:
        group = next((group for group in groups if is_same_fact(group, one)), None)
        if group:
            group.append(one)
        else:
            groups.append([one])
    ordered = (sorted(group, key=lambda one: one.excerpt.hit.language != language) for group in groups)
    return {first: tuple(one.excerpt for one in others) for first, *others in ordered}


def is_same_fact(group: Sequence[ScoredSpan], one: ScoredSpan) -> bool:
    """Tell whether a sentence of another article states the same fact as the first one of a group."""
    known = {other.excerpt.hit.article.id for other in group}
    new = one.excerpt.hit.article.id not in known
    return new and float(group[0].vector @ one.vector) >= MIN_SAME_FACT_COSINE
