"""Logistic regression with a ridge, by Newton's method; and Wilson's interval for a share."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

ITERATIONS = 30
"""Newton steps; ten suffice for the few hundred rows that are fitted here."""
_Z95 = 1.96


def fit_logistic(
    x: ArrayLike, y: ArrayLike, ridge: float = 0.3, offset: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Return the weights of the columns of `x`, shape (n, k), for the labels `y`, followed by the intercept.

    `ridge` is half the penalty on a weight's square; the intercept has none. `offset` is added to each row's
    logit.
    """
    rows, labels = np.asarray(x, np.float64), np.asarray(y, np.float64)
    rows = np.c_[rows, np.ones(len(rows))]
    penalty = np.diag([ridge] * (rows.shape[1] - 1) + [1e-6])
    weights = np.zeros(rows.shape[1])
    for _ in range(ITERATIONS):
        p = 1 / (1 + np.exp(-(rows @ weights + np.asarray(offset))))
        slope = rows.T @ (labels - p) - penalty @ weights
        weights += np.linalg.solve((rows.T * (p * (1 - p) + 1e-9)) @ rows + penalty, slope)
    return weights


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of `hits` in `n` (Wilson 1927); (0, 1) if n is 0."""
    if not n:
        return 0.0, 1.0
    share, z2 = hits / n, _Z95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)
