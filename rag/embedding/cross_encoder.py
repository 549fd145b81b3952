"""Cross-encoders of the sentence-transformers library, which map a pair of texts to one or more logits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rag.embedding.base import tokenizer_input
from rag.embedding.hub import load_local_first
from rag.errors import ModelMissing, first_line
from rag.locales.message import Message


class PairScorer:
    """A cross-encoder, by id or folder; see `load_local_first`. Any thread may call it.

    The model's own prompt, if any, is used; its activation function is not. `labels` are the names of its
    outputs, in order. Raises ModelMissing, with a message that contains `what`, the kind of model, and
    `advice`, if the model cannot be loaded or is not a cross-encoder.
    """

    def __init__(self, name_or_folder: str, what: Message, advice: Message) -> None:
        from sentence_transformers import CrossEncoder
        from torch.nn import Identity

        load = partial(CrossEncoder, activation_fn=Identity())
        self._model = load_local_first(load, name_or_folder, what, advice)
        self._lock = threading.Lock()
        self.name = Path(name_or_folder).name if Path(name_or_folder).is_dir() else name_or_folder
        self.labels = [str(label) for _, label in sorted(self._model.config.id2label.items())]
        self._check(advice)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
        """Return the logits, with a row for each pair and a column for each label."""
        if not pairs:
            return []
        prepared = [(tokenizer_input(one), tokenizer_input(other)) for one, other in pairs]
        with self._lock:  # the tokenizer is not thread safe
            found = self._model.predict(prepared, convert_to_tensor=True, show_progress_bar=False)
        rows: list[list[float]] = found.reshape(len(pairs), -1).double().tolist()
        return rows

    def _check(self, advice: Message) -> None:
        """Score a pair now, so that an unusable model fails before the first question."""
        network = self._model.transformers_model
        if type(network).__name__ not in (network.config.architectures or []):
            # To a plain encoder, sentence-transformers would add a head with random weights.
            raise ModelMissing("pairs_untrained", name=self.name, instead=advice)
        try:
            self.logits([("", ""), ("", "two words")])
        except Exception as error:  # such as a tokenizer without padding
            raise ModelMissing(
                "pairs_unusable", name=self.name, error=first_line(error), instead=advice
            ) from error
