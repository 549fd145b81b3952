"""Merge sentences of several articles that tell the same fact."""

from __future__ import annotations

from collections.abc import Sequence

from rag.dossiers.excerpts import Excerpt, Scored

MIN_SAME_FACT_COSINE = 0.57
"""Cosine from which sentences of two articles tell the same fact, in any languages. Set on 6 subjects of the
sample library."""


def distinct(found: Sequence[Scored], language: str) -> dict[Scored, tuple[Excerpt, ...]]:
    """The sentences without repetitions, in their order, each with those of other articles that repeat it.

    Of several, the one in `language` is kept, else the first.
    """
    groups: list[list[Scored]] = []
    for one in found:
        group = next((group for group in groups if is_same_fact(group, one)), None)
        if group:
            group.append(one)
        else:
            groups.append([one])
    ordered = (sorted(group, key=lambda one: one.excerpt.hit.language != language) for group in groups)
    return {first: tuple(one.excerpt for one in others) for first, *others in ordered}


def is_same_fact(group: Sequence[Scored], one: Scored) -> bool:
    """Whether a sentence of another article tells what a group's first does."""
    known = {other.excerpt.hit.article.id for other in group}
    new = one.excerpt.hit.article.id not in known
    return new and float(group[0].vector @ one.vector) >= MIN_SAME_FACT_COSINE
