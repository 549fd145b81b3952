"""Candidates → scores: dense and keyword evidence, fair to every language (pure).

Three steps, each measured (bench/RETRIEVAL.md):

- Dense: the cosine of balanced vectors (rag.balancing).
- Keywords count within a language: most questions share words with their own language only, so what the
  best passage of a language has is mostly taken off again for all of that language.
- Calibration: half of a language's lead over the others, at the top of its list, is taken off. This is
  score normalisation with the best of each list as its cohort.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TOP = 3  # passages at the top of a language's list that its lead is read from
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much; the defaults are those that measured best.

    `keywords` is what all of a question's words are worth, in cosines; `own` the share of a language's best
    keyword score that is taken off; `lead` the share of a language's lead that is taken off.
    """

    keywords: float = 1.2
    own: float = 0.8
    lead: float = 0.5


@dataclass(frozen=True, slots=True)
class Candidates:
    """n passages that may answer; the arrays have shape (n,).

    `near` are balanced cosines with the question, `dense` those that the model gives, `words` the shares
    of the question's words (0 to 1).
    """

    numbers: Sequence[int]
    languages: NDArray[np.str_]
    near: Vector
    dense: Vector
    words: Vector


@dataclass(frozen=True, slots=True)
class Scores:
    """Of n candidates, each of shape (n,): `total` = dense + balance + keyword."""

    total: Vector
    balance: Vector
    keyword: Vector


def fuse(candidates: Candidates, weights: Weights = Weights()) -> Scores:
    """Score at least one candidate."""
    keyword = np.float32(weights.keywords) * candidates.words
    total = candidates.near + keyword
    groups = [candidates.languages == language for language in np.unique(candidates.languages)]
    for group in groups:
        total[group] -= weights.own * keyword[group].max()
    tops = [np.sort(total[group])[-_TOP:].mean() for group in groups]
    for group, top in zip(groups, tops, strict=True):
        total[group] -= weights.lead * (top - np.mean(tops))
    return Scores(total, total - keyword - candidates.dense, keyword)
