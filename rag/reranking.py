"""Question and texts to scores: any sentence-transformers CrossEncoder, where one is set.

A cross-encoder reads the question and a text together, which an embedder cannot: it ranks better,
and costs one run of the model for every text (Nogueira and Cho 2019, arXiv 1901.04085).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.errors import ModelMissing
from rag.pairs import PairReader
from rag.settings import Settings

_INSTEAD = "set BYLINE_RERANKER to a sentence-transformers CrossEncoder, by id or folder, or unset it"


def load_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name, None where they name none. Raises ModelMissing."""
    return Reranker(settings.model_source(settings.reranker)) if settings.reranker else None


class Reranker:
    """Any sentence-transformers CrossEncoder with one score for a pair; see PairReader.

    Raises ModelMissing where the model cannot be loaded, gives several scores, or is no cross-encoder.
    """

    def __init__(self, name_or_folder: str) -> None:
        self._reader = PairReader(name_or_folder, "reranker", _INSTEAD)
        self.name = self._reader.name
        if (labels := len(self._reader.labels)) != 1:
            raise ModelMissing(f"{self.name} gives {labels} scores for a pair, not one: {_INSTEAD}.")

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question: one score for every text, in order, 0 to 1.

        The sigmoid of the model's logit, whatever its own activation: some have none. In double
        precision, because in single two logits over 17 would be a draw.
        """
        rows = self._reader.logits([(question, text) for text in texts])
        return [1 / (1 + math.exp(-max(logit, -700))) for (logit,) in rows]
