"""Any sentence-transformers CrossEncoder: two texts read together, to one logit or several."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rag.embedding import clean, load_local_first
from rag.errors import ModelMissing, first_line


class PairReader:
    """A cross-encoder, by id or folder. Any thread may call it.

    A folder, or a model that the hub's cache holds, needs no network. The model's own prompt is used
    where it has one, its own activation is not. Code that comes with a model is never run, and only
    safetensors weights are loaded. `labels` are what its outputs mean, in order. Raises ModelMissing
    where it cannot be loaded or is no cross-encoder: `what` it is and `instead`, what to do, are told.
    """

    def __init__(self, name_or_folder: str, what: str, instead: str) -> None:
        from sentence_transformers import CrossEncoder
        from torch.nn import Identity

        load = partial(CrossEncoder, activation_fn=Identity())
        self._model = load_local_first(load, name_or_folder, what, instead)
        self._lock = threading.Lock()
        self.name = Path(name_or_folder).name if Path(name_or_folder).is_dir() else name_or_folder
        self.labels = [str(label) for _, label in sorted(self._model.config.id2label.items())]
        self._check(instead)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
        """A row for every pair, in order: the logit of each label."""
        if not pairs:
            return []
        cleaned = [(clean(one), clean(other)) for one, other in pairs]
        with self._lock:  # its tokenizer cannot be shared between threads
            found = self._model.predict(cleaned, convert_to_tensor=True, show_progress_bar=False)
        rows: list[list[float]] = found.reshape(len(pairs), -1).double().tolist()
        return rows

    def _check(self, instead: str) -> None:
        """Refuse a model before the first question does."""
        network = self._model.transformers_model
        if type(network).__name__ not in (network.config.architectures or []):
            # an encoder: the library has put a head of random weights on it
            raise ModelMissing(f"{self.name} was not trained to score pairs: {instead}.")
        try:
            self.logits([("", ""), ("", "two words")])
        except Exception as error:  # a tokenizer that cannot pad, for one
            raise ModelMissing(f"{self.name} cannot be used ({first_line(error)}): {instead}.") from error
