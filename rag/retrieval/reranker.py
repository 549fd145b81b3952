"""Rerank passages with an optional cross-encoder.

A cross-encoder reads the question and a passage together. It ranks better than embeddings, at the cost of a
run of the model for each passage (Nogueira and Cho 2019, arXiv 1901.04085).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.embedding.cross_encoder import PairScorer
from rag.embedding.hub import torch_for
from rag.errors import ModelMissing
from rag.locales.message import Message
from rag.settings import Settings

_ADVICE = Message.of("instead_reranker")


def load_reranker(settings: Settings) -> Reranker | None:
    """Return the reranker that the settings name; None if none. Raises ModelMissing or SettingsError."""
    with torch_for("BYLINE_RERANKER"):
        return Reranker(settings.model_source(settings.reranker)) if settings.reranker else None


class Reranker:
    """A sentence-transformers CrossEncoder with one output; see PairScorer.

    Raises ModelMissing if the model cannot be loaded, has several outputs, or is not a cross-encoder.
    """

    def __init__(self, name_or_folder: str) -> None:
        self._scorer = PairScorer(name_or_folder, Message.of("what_reranker"), _ADVICE)
        self.name = self._scorer.name
        if (labels := len(self._scorer.labels)) != 1:
            raise ModelMissing("reranker_labels", name=self.name, labels=labels, instead=_ADVICE)

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Score each text against the question, from 0 to 1.

        The score is the sigmoid of the model's logit; not all models define an activation function. It is
        computed in double precision: in single precision, all logits above 17 would give 1.
        """
        rows = self._scorer.logits([(question, text) for text in texts])
        return [1 / (1 + math.exp(-max(logit, -700))) for (logit,) in rows]
