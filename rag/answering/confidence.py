"""Confidence: the calibrated probability that an answer is right.

A logistic regression over two signals: the lead of the best quotation (rag.answering.lead), and the mean
log-probability of the answer's tokens (as in Manakul, Liusie and Gales 2023, SelfCheckGPT, arXiv
2303.08896). The log-probability is scaled for each model (Platt 1999, Probabilistic outputs for support
vector machines); for a model that was not calibrated, only the lead counts. `confidence.json` holds the
coefficients and the reliability curve, both computed by bench/calibration.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from rag.answering.answer_state import AnswerState
from rag.answering.lead import lead
from rag.events import Judged
from rag.llm.generator import Model
from rag.types import Sentence

MIN_PROBABILITY = 0.5
"""Probability from which an answer is confirmed. Chosen on the tuning half of bench/calibration.py."""


@dataclass(frozen=True, slots=True)
class PlattScale:
    """A linear map from a signal to a logit."""

    weight: float
    intercept: float

    def logit(self, signal: float) -> float:
        """Return the logit of a signal."""
        return self.weight * signal + self.intercept


class Confidence:
    """Judges answers. `scale_of` returns a model's scale, None where the model was not calibrated."""

    def __init__(
        self,
        scale_of: Callable[[Model], PlattScale | None],
        min_probability: float = MIN_PROBABILITY,
    ) -> None:
        self._scale_of, self._min_probability = scale_of, min_probability

    def judge(self, state: AnswerState, sentences: Sequence[Sentence], model: Model) -> Judged:
        """Compute the probability that verified sentences, of which at least one is cited, are right."""
        best_lead, log_prob = lead(state, sentences), _mean(state.log_probs)
        return Judged(probability(best_lead, log_prob, self._scale_of(model)), best_lead, log_prob)

    def confirms(self, judged: Judged) -> bool:
        """Tell whether the probability suffices for `answered`."""
        return judged.probability >= self._min_probability


def probability(
    best_lead: float, log_prob: float | None, of_model: PlattScale | None, of_lead: PlattScale | None = None
) -> float:
    """Return the probability that an answer with this lead and mean log-probability is right.

    `of_model` scales the log-probability; without it, or without a log-probability, only the lead counts.
    `of_lead` is by default the stored one.
    """
    logit = (of_lead or lead_scale()).logit(best_lead)
    if of_model and log_prob is not None:
        logit += of_model.logit(log_prob)
    return 1 / (1 + math.exp(-logit))


def lead_scale() -> PlattScale:
    """Return the scale of the lead."""
    return PlattScale(**coefficients()["lead"])


@cache
def coefficients() -> dict[str, Any]:
    """Return the contents of confidence.json."""
    loaded: dict[str, Any] = json.loads((files("rag.answering") / "confidence.json").read_text("utf-8"))
    return loaded


def _mean(log_probs: tuple[float, ...]) -> float | None:
    return sum(log_probs) / len(log_probs) if log_probs else None
