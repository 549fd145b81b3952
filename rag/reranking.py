"""Question and texts to scores: any sentence-transformers CrossEncoder, where one is set.

A cross-encoder reads the question and a text together, which an embedder cannot: it ranks better,
and costs one run of the model for every text (Nogueira and Cho 2019, arXiv 1901.04085).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rag.embedding import clean, first_line, load_local_first
from rag.errors import ModelMissing
from rag.settings import Settings

_INSTEAD = "set BYLINE_RERANKER to a sentence-transformers CrossEncoder, by id or folder, or unset it"


def load_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name, None where they name none. Raises ModelMissing."""
    if not settings.reranker:
        return None
    inside = settings.models / settings.reranker
    return Reranker(str(inside) if inside.is_dir() else settings.reranker)


class Reranker:
    """Any sentence-transformers CrossEncoder with one score for a pair, by id or folder.

    A folder, or a model that the hub's cache holds, needs no network. The model's own prompt is used
    where it has one. Code that comes with a model is never run, and only safetensors weights are
    loaded. Any thread may call it. Raises ModelMissing where the model cannot be loaded, gives several
    scores for a pair, or is no cross-encoder.
    """

    def __init__(self, name_or_folder: str) -> None:
        from sentence_transformers import CrossEncoder
        from torch.nn import Identity

        load = partial(CrossEncoder, activation_fn=Identity())
        self._model = load_local_first(load, name_or_folder, "reranker", _INSTEAD)
        self._lock = threading.Lock()
        self.name = Path(name_or_folder).name if Path(name_or_folder).is_dir() else name_or_folder
        self._check()

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question: one score for every text, in order, 0 to 1.

        The sigmoid of the model's logit, whatever its own activation: some have none. In double
        precision, because in single two logits over 17 would be a draw.
        """
        if not texts:
            return []
        pairs = [(clean(question), clean(text)) for text in texts]
        with self._lock:  # its tokenizer cannot be shared between threads
            logits = self._model.predict(pairs, convert_to_tensor=True, show_progress_bar=False)
        scores: list[float] = logits.double().sigmoid().tolist()
        return scores

    def _check(self) -> None:
        """Refuse a model before the first question does: what is left of it must rank."""
        if (labels := self._model.num_labels) != 1:
            raise ModelMissing(f"{self.name} gives {labels} scores for a pair, not one: {_INSTEAD}.")
        network = self._model.transformers_model
        if type(network).__name__ not in (network.config.architectures or []):
            # an encoder: the library has put a head of random weights on it
            raise ModelMissing(f"{self.name} was not trained to score pairs: {_INSTEAD}.")
        try:
            self.scores("", ["", "two words"])
        except Exception as error:  # a tokenizer that cannot pad, for one
            raise ModelMissing(f"{self.name} cannot be used ({first_line(error)}): {_INSTEAD}.") from error
