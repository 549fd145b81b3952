"""Rivals: other values of a claim's kind in a passage, and how clearly one fits the sentence better."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rival:
    """Another value of a claim's kind: its clause and its text in the passage."""

    clause: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the best rival, and who it is; `features` are those of binding.json."""

    rival: Rival
    features: tuple[float, ...]


@cache
def _model() -> dict[str, list[float]]:
    """Weights by kind and language: bench/binding.py fits them."""
    rows: dict[str, list[float]] = json.loads(Path(__file__).with_name("binding.json").read_text("utf-8"))[
        "weights"
    ]
    return rows


def logit(case: str, evidence: Evidence) -> float:
    """The log-odds that the rival is what the sentence should say."""
    weights = _model()[case]
    return weights[-1] + sum(w * x for w, x in zip(weights, evidence.features, strict=False))
