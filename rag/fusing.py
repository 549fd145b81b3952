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

_KEYWORDS = 1.2  # what all of a question's words are worth, in cosines
_OWN = 0.8  # share of a language's best keyword score that is taken off
_LEAD, _TOP = 0.5, 3  # share of a language's lead that is taken off; passages that the lead is read from
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """n passages that may answer: `vectors` balanced and of unit length, shape (n, d); the rest (n,).

    `dense` are cosines as the model gives them, `words` shares of the question's words (0 to 1).
    """

    numbers: Sequence[int]
    languages: NDArray[np.str_]
    vectors: Vector
    dense: Vector
    words: Vector


@dataclass(frozen=True, slots=True)
class Scores:
    """Of n candidates, each of shape (n,): `total` = dense + balance + keyword.

    `near` is the balanced cosine, which says by itself how near a passage is to the question.
    """

    total: Vector
    near: Vector
    balance: Vector
    keyword: Vector


def fuse(question: Vector, candidates: Candidates) -> Scores:
    """Score at least one candidate for a question's balanced vector, shape (d,)."""
    near = candidates.vectors @ question
    keyword = np.float32(_KEYWORDS) * candidates.words
    total = near + keyword
    groups = [candidates.languages == language for language in np.unique(candidates.languages)]
    for group in groups:
        total[group] -= _OWN * keyword[group].max()
    tops = [np.sort(total[group])[-_TOP:].mean() for group in groups]
    for group, top in zip(groups, tops, strict=True):
        total[group] -= _LEAD * (top - np.mean(tops))
    return Scores(total, near, total - keyword - candidates.dense, keyword)
