"""Fuse dense and keyword scores so that no language has an advantage.

The score has three parts, each measured (docs/benchmarks.md). Reciprocal rank fusion was worse: across
languages it halved the number of right first hits.

- Dense: the cosine of mean-centred vectors (rag.embedding.language_means).
- Keywords: a question shares words mostly with passages in its own language. So most of a language's best
  keyword score is subtracted from all of its passages, and keywords mainly rank within a language.
- Calibration: half of the margin by which a language's top scores exceed those of the other languages is
  subtracted (cohort score normalisation, with the top of each list as its cohort).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.embedding.language_means import Vector

_TOP_PASSAGES = 3
"""Number of best passages whose mean is a language's top score. Fitted on XQuAD (612 questions, four
languages)."""


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Weights of the fusion, fitted on XQuAD (612 questions in four languages, bench/choices.py).

    `keywords`: the keyword score of a passage with all of a question's terms, on the scale of the cosine.
    `own`: the share of a language's best keyword score that is subtracted. `lead`: the share of its margin
    over the other languages that is subtracted.
    """

    keywords: float = 1.2
    own: float = 0.8
    lead: float = 0.5


@dataclass(frozen=True, slots=True)
class Candidates:
    """The n candidate passages of a question; arrays have the shape (n,).

    `near`: cosines of the mean-centred vectors with the question. `dense`: cosines of the vectors as the
    model returns them. `words`: keyword scores from 0 to 1; see KeywordIndex.search.
    """

    numbers: Sequence[int]
    languages: NDArray[np.str_]
    near: Vector
    dense: Vector
    words: Vector


@dataclass(frozen=True, slots=True)
class FusionScores:
    """Scores of n candidates, each of shape (n,): `total` = dense + balance + keyword.

    `balance` is the effect of centring and of the two subtractions.
    """

    total: Vector
    balance: Vector
    keyword: Vector


def fuse(candidates: Candidates, weights: FusionWeights = FusionWeights()) -> FusionScores:
    """Score candidates, of which there must be at least one."""
    keyword = np.float32(weights.keywords) * candidates.words
    total = candidates.near + keyword
    groups = [candidates.languages == language for language in np.unique(candidates.languages)]
    for group in groups:
        total[group] -= weights.own * keyword[group].max()
    tops = [np.sort(total[group])[-_TOP_PASSAGES:].mean() for group in groups]
    for group, top in zip(groups, tops, strict=True):
        total[group] -= weights.lead * (top - np.mean(tops))
    return FusionScores(total, total - keyword - candidates.dense, keyword)
