"""The rows of a comparison: sentences on several subjects, those on the same aspect side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from rag.dossiers.excerpts import Excerpt, Scored
from rag.dossiers.grouping import MIN_SENTENCE_SHARE
from rag.retrieval.retriever import Vector

MAX_PER_SUBJECT = 12
"""Sentences of a subject that are compared, nearest first. Not fitted."""
MAX_ROWS = 8
"""Rows with sentences on several subjects. Not fitted."""
MAX_ALONE = 3
"""Sentences of a subject without counterpart that are shown. Not fitted."""
MIN_ASPECT_COSINE = 0.2
"""Cosine from which two sentences are on one aspect, each subject's mean vector subtracted. Not fitted."""

Row = tuple[Excerpt | None, ...]
"""A sentence for each subject, None if none is on the row's aspect."""
Place = tuple[str, int, int]
"""An article, the number of a passage in it, and an offset in that."""


@dataclass(frozen=True, slots=True)
class ComparisonRows:
    """Rows of sentences on one aspect, each subject's nearest without counterpart, and those on several."""

    rows: tuple[Row, ...]
    alone: tuple[tuple[Excerpt, ...], ...]
    on_several: tuple[Excerpt, ...]


def compared_rows(subjects: Sequence[Sequence[Scored]]) -> ComparisonRows:
    """Pair the sentences of subjects by aspect: by cosine after each subject's mean is subtracted.

    A sentence found for several subjects stands in `on_several`.
    """
    nearest = [_nearest(of) for of in subjects]
    shared = _shared(nearest)
    own = [[one for one in of if _place(one.excerpt) not in shared] for of in nearest]
    rows = _paired(own)
    used = {_place(excerpt) for row in rows for excerpt in row if excerpt}
    left = ([one.excerpt for one in of if _place(one.excerpt) not in used] for of in own)
    alone = tuple(tuple(of[:MAX_ALONE]) for of in left)
    return ComparisonRows(tuple(rows), alone, tuple(shared.values())[:MAX_ROWS])


def _nearest(of: Sequence[Scored]) -> list[Scored]:
    ordered = sorted(of, key=lambda one: -one.near)
    return [one for one in ordered if one.near >= MIN_SENTENCE_SHARE * ordered[0].near][:MAX_PER_SUBJECT]


def _shared(subjects: Sequence[Sequence[Scored]]) -> dict[Place, Excerpt]:
    """The sentences that several subjects have, by their place."""
    found = [(_place(one.excerpt), one.excerpt) for of in subjects for one in of]
    counts = Counter(place for place, _ in found)
    return {place: excerpt for place, excerpt in found if counts[place] > 1}


def _place(excerpt: Excerpt) -> Place:
    return excerpt.hit.article.id, excerpt.hit.passage.ordinal, excerpt.start


def _paired(subjects: Sequence[Sequence[Scored]]) -> list[Row]:
    """Rows of pairs, the most similar first; each sentence is in one row at most."""
    rows: list[dict[int, int]] = []
    placed: dict[tuple[int, int], dict[int, int]] = {}
    for (a, i), (b, j) in _similar(subjects):
        there = [row for row in (placed.get((a, i)), placed.get((b, j))) if row is not None]
        row = there[0] if there else {}
        if len(there) > 1 or row.get(a, i) != i or row.get(b, j) != j:
            continue
        if not there:
            rows.append(row)
        row |= {a: i, b: j}
        placed[a, i] = placed[b, j] = row
    return [_row(row, subjects) for row in rows[:MAX_ROWS]]


def _row(numbers: Mapping[int, int], subjects: Sequence[Sequence[Scored]]) -> Row:
    return tuple(of[numbers[n]].excerpt if n in numbers else None for n, of in enumerate(subjects))


def _similar(subjects: Sequence[Sequence[Scored]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of sentences (subject, number) of different subjects on one aspect, the most similar first."""
    vectors = [(n, i, v) for n, of in enumerate(subjects) for i, v in enumerate(_aspects(of))]
    pairs = [(float(u @ v), (a, i), (b, j)) for (a, i, u), (b, j, v) in combinations(vectors, 2) if a != b]
    for cosine, one, other in sorted(pairs, reverse=True):
        if cosine >= MIN_ASPECT_COSINE:
            yield one, other


def _aspects(of: Sequence[Scored]) -> list[Vector]:
    """Unit vectors without what a subject's sentences have in common."""
    if len(of) < 2:
        return [one.vector for one in of]
    mean = np.mean([one.vector for one in of], axis=0)
    centred = [one.vector - mean for one in of]
    return [one / max(float(np.linalg.norm(one)), 1e-9) for one in centred]
