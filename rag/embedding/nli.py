"""Natural-language inference (NLI): whether a passage entails or contradicts a sentence.

Optional. A cross-encoder classifies a premise and a hypothesis as entailment, neutral or contradiction
(Bowman, Angeli, Potts and Manning 2015, arXiv 1508.05326). It runs once for each pair of a sentence and a
passage that may support it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.embedding.cross_encoder import PairScorer
from rag.embedding.hub import torch_for
from rag.errors import ModelMissing
from rag.locales.message import Message
from rag.settings import Settings
from rag.verification.claims import Judgement

_LABELS = ("entail", "contradict", "neutral")
_ADVICE = Message.of("instead_nli")


def load_entailment(settings: Settings) -> EntailmentModel | None:
    """Return the NLI model that the settings name; None if none. Raises ModelMissing or SettingsError."""
    with torch_for("BYLINE_NLI"):
        return EntailmentModel(settings.model_source(settings.nli)) if settings.nli else None


class EntailmentModel:
    """A sentence-transformers CrossEncoder for entailment, contradiction and neutral; see PairScorer.

    The order of the labels differs between models and is read from the model's `id2label`. Raises
    ModelMissing if the model cannot be loaded or has other labels.
    """

    def __init__(self, name_or_folder: str) -> None:
        self._scorer = PairScorer(name_or_folder, Message.of("what_nli"), _ADVICE)
        self.name = self._scorer.name
        labels = [label.lower() for label in self._scorer.labels]
        indices = [[n for n, label in enumerate(labels) if label.startswith(k)] for k in _LABELS]
        if sorted(n for found in indices for n in found) != [0, 1, 2] or not all(indices):
            raise ModelMissing("nli_labels", name=self.name, labels=", ".join(labels[:5]), instead=_ADVICE)
        ((self._entailed,), (self._contradicted,), _) = indices

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judgement]:
        """Return the probabilities of entailment and contradiction for each (premise, hypothesis)."""
        rows = map(_softmax, self._scorer.logits(pairs))
        return [Judgement(row[self._entailed], row[self._contradicted]) for row in rows]


def _softmax(logits: Sequence[float]) -> list[float]:
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]
