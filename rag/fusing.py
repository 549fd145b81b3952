"""Candidates → scores: dense and keyword evidence, fair to every language (pure).

Four steps, each measured (bench/RETRIEVAL.md):

- Dense: the cosine of balanced vectors (rag.balancing).
- Keywords count within a language: most questions share words with their own language only, so what the
  best passage of a language has is mostly taken off again for all of that language.
- Calibration: half of a language's lead over the others, at the top of its list, is taken off. This is
  score normalisation with the best of each list as its cohort.
- Feedback: the question moves a little towards the best passage, and passages that say the same in other
  languages come up (Rocchio 1971; for vectors: Li et al. 2021, "Improving query representations for dense
  retrieval with pseudo relevance feedback").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.balancing import unit

KEYWORDS = 0.6
"""What all of a question's words are worth, in cosines."""
_OWN = 0.8  # share of a language's best keyword score that is taken off
_LEAD, _TOP = 0.3, 3  # share of a language's lead that is taken off; passages that the lead is read from
_FEEDBACK = 0.3  # how far the question moves towards the best passage
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
    """Of n candidates, each of shape (n,): `total` = dense + balance + keyword + feedback.

    `near` is the balanced cosine, which says by itself how near a passage is to the question.
    """

    total: Vector
    near: Vector
    balance: Vector
    keyword: Vector
    feedback: Vector


def fuse(question: Vector, candidates: Candidates) -> Scores:
    """Score at least one candidate for a question's balanced vector, shape (d,)."""
    near = candidates.vectors @ question
    keyword = KEYWORDS * candidates.words
    first = _fair(near, keyword, candidates.languages)
    best = candidates.vectors[int(first.argmax())]
    moved = candidates.vectors @ unit(question + _FEEDBACK * best)
    total = _fair(moved, keyword, candidates.languages)
    balance = first - keyword - candidates.dense
    return Scores(total, near, balance, keyword, total - first)


def _fair(near: Vector, keyword: Vector, languages: NDArray[np.str_]) -> Vector:
    """Dense and keyword scores together, with what a language has over the others mostly taken off."""
    scores = near + keyword
    groups = [languages == language for language in np.unique(languages)]
    for group in groups:
        scores[group] -= _OWN * keyword[group].max()
    tops = [np.sort(scores[group])[-_TOP:].mean() for group in groups]
    for group, top in zip(groups, tops, strict=True):
        scores[group] -= _LEAD * (top - np.mean(tops))
    return scores
