"""Guess the form of answer that a question asks for, by its vector.

Two logistic regressions on the embedding of the question: is it broad, and if so, does it ask for a timeline?
`form_classifier.json` holds the weights for the bundled embedder, fitted by bench/question_forms.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from rag.embedding.language_means import Vector
from rag.types import BroadForm


@dataclass(frozen=True, slots=True)
class FormGuess:
    """The probability that a question is broad, and its form if it is: "dossier" or "timeline"."""

    probability: float
    form: BroadForm


class FormClassifier:
    """Tells dossiers and timelines from other questions. `embed` returns the vector of a question."""

    def __init__(self, embed: Callable[[str], Vector]) -> None:
        self._embed = embed
        stored = json.loads((files("rag.dossiers") / "form_classifier.json").read_text("utf-8"))
        self._weights = {name: np.array(row, np.float32) for name, row in stored.items()}

    def guess(self, question: str) -> FormGuess:
        """Guess the form of a question."""
        vector = self._embed(question)
        is_timeline = self._probability("timeline", vector) >= 0.5
        return FormGuess(self._probability("broad", vector), "timeline" if is_timeline else "dossier")

    def _probability(self, name: str, vector: Vector) -> float:
        row = self._weights[name]
        return 1 / (1 + math.exp(-float(row[:-1] @ vector + row[-1])))
