"""Hidden states of the bundled model for every token of a text, which the answer scorer uses."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from rag.embedding.onnx import OnnxEmbedder

Array = NDArray[np.float32]

CACHE_SIZE = 32
"""Number of texts cached, at about 0.5 MB a passage: an answer's passages are scored before it is written and
again when it is verified. Not fitted."""


@dataclass(frozen=True, slots=True)
class TokenStates:
    """Hidden states of a text's tokens, without special tokens and prefix.

    `states` has the shape (layers, tokens, hidden), for the layers in `rag.embedding.onnx.LAYERS`; `spans`
    holds each token's start and end in the text.
    """

    states: Array
    spans: Sequence[tuple[int, int]]


class TokenStateReader:
    """Reads token states through the embedder's session, on as many threads as it uses."""

    def __init__(self, embedder: OnnxEmbedder, size: int = CACHE_SIZE) -> None:
        self._embedder = embedder
        self._read = lru_cache(size)(self._uncached)

    def __call__(self, texts: Sequence[str], question: bool) -> list[TokenStates]:
        """Return the token states of each text, read as questions or as passages."""
        with ThreadPoolExecutor(self._embedder.threads) as pool:
            return list(pool.map(partial(self._read, question=question), texts))

    def _uncached(self, text: str, *, question: bool) -> TokenStates:
        return TokenStates(*self._embedder.token_states(text, question=question))
