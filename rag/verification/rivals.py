"""Rivals: other values of a claim's kind in a passage, which may fit the sentence better than the claim's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rival:
    """Another value of a claim's kind: the index of its clause, and its text, `passage[start:end]`."""

    clause: int
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The best rival, and the features of the logistic regression that compares it with the claim's value.

    `features` has one number for each of the "features" of binding.json, without the intercept.
    """

    rival: Rival
    features: tuple[float, ...]


@cache
def _model() -> dict[str, list[float]]:
    """Return the regression's weights by case, such as "name other"; fitted by bench/binding.py."""
    rows: dict[str, list[float]] = json.loads(Path(__file__).with_name("binding.json").read_text("utf-8"))[
        "weights"
    ]
    return rows


def logit(case: str, evidence: Evidence) -> float:
    """Return the log-odds that the rival, not the claimed value, is right in a case of binding.json."""
    weights = _model()[case]
    return weights[-1] + sum(w * x for w, x in zip(weights, evidence.features, strict=False))
