"""The rows of a comparison: sentences on several subjects, with those on one aspect side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from rag.dossiers.grouping import MIN_SENTENCE_SHARE
from rag.dossiers.quotable_spans import QuotableSpan, ScoredSpan
from rag.embedding.language_means import Vector

MAX_SUBJECT_SENTENCES = 12
"""Maximum number of sentences of a subject that are compared, the nearest ones. Not fitted."""
MAX_ROWS = 8
"""Maximum number of rows. Not fitted."""
MAX_UNPAIRED_SENTENCES = 3
"""Maximum number of sentences without counterpart shown for a subject. Not fitted."""
MIN_ASPECT_COSINE = 0.2
"""Minimum cosine of two sentences on one aspect, after each subject's mean is subtracted. Not fitted."""

Row = tuple[QuotableSpan | None, ...]
"""A sentence for each subject, None for a subject without a sentence on the row's aspect."""
Place = tuple[str, int, int]
"""An article's id, the number of a passage in it, and an offset in the passage."""


@dataclass(frozen=True, slots=True)
class ComparisonRows:
    """The parts of a comparison.

    `rows` hold sentences on one aspect each, `unpaired` each subject's nearest sentences without counterpart,
    and `shared` the sentences that were found for several subjects.
    """

    rows: tuple[Row, ...]
    unpaired: tuple[tuple[QuotableSpan, ...], ...]
    shared: tuple[QuotableSpan, ...]


def compared_rows(subjects: Sequence[Sequence[ScoredSpan]]) -> ComparisonRows:
    """Pair sentences of different subjects by their cosine, after each subject's mean is subtracted."""
    nearest = [_nearest(of) for of in subjects]
    shared = _shared(nearest)
    own = [[one for one in of if _place(one.excerpt) not in shared] for of in nearest]
    rows = _paired(own)
    used = {_place(excerpt) for row in rows for excerpt in row if excerpt}
    left = ([one.excerpt for one in of if _place(one.excerpt) not in used] for of in own)
    unpaired = tuple(tuple(of[:MAX_UNPAIRED_SENTENCES]) for of in left)
    return ComparisonRows(tuple(rows), unpaired, tuple(shared.values())[:MAX_ROWS])


def _nearest(of: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    ordered = sorted(of, key=lambda one: -one.near)
    return [one for one in ordered if one.near >= MIN_SENTENCE_SHARE * ordered[0].near][
        :MAX_SUBJECT_SENTENCES
    ]


def _shared(subjects: Sequence[Sequence[ScoredSpan]]) -> dict[Place, QuotableSpan]:
    """Return the sentences that were found for several subjects, by place."""
    found = [(_place(one.excerpt), one.excerpt) for of in subjects for one in of]
    counts = Counter(place for place, _ in found)
    return {place: excerpt for place, excerpt in found if counts[place] > 1}


def _place(excerpt: QuotableSpan) -> Place:
    return excerpt.hit.article.id, excerpt.hit.passage.ordinal, excerpt.start


def _paired(subjects: Sequence[Sequence[ScoredSpan]]) -> list[Row]:
    """Return rows of paired sentences, the most similar first; each sentence is in one row at most."""
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


def _row(numbers: Mapping[int, int], subjects: Sequence[Sequence[ScoredSpan]]) -> Row:
    return tuple(of[numbers[n]].excerpt if n in numbers else None for n, of in enumerate(subjects))


def _similar(subjects: Sequence[Sequence[ScoredSpan]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield pairs of sentences on one aspect, as (subject, number) each, the most similar first."""
    vectors = [(n, i, v) for n, of in enumerate(subjects) for i, v in enumerate(_aspects(of))]
    pairs = [(float(u @ v), (a, i), (b, j)) for (a, i, u), (b, j, v) in combinations(vectors, 2) if a != b]
    for cosine, one, other in sorted(pairs, reverse=True):
        if cosine >= MIN_ASPECT_COSINE:
            yield one, other


def _aspects(of: Sequence[ScoredSpan]) -> list[Vector]:
    """Return the sentences' vectors minus their mean, scaled to length 1."""
    if len(of) < 2:
        return [one.vector for one in of]
    mean = np.mean([one.vector for one in of], axis=0)
    centred = [one.vector - mean for one in of]
    return [one / max(float(np.linalg.norm(one)), 1e-9) for one in centred]
