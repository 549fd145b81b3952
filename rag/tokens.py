"""What the bundled model holds of each token of texts, in some of its layers (for rag.evidence)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

from rag.embedding import OnnxEmbedder
from rag.evidence import Tokens

_KEPT = 32
"""Texts that are kept: an answer's passages are read before it is written, and again when it is checked."""


class OnnxTokens:
    """Reads texts with the embedder's own session and as many threads."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self._embedder = embedder
        self._read = lru_cache(_KEPT)(self._read_anew)

    def __call__(self, texts: Sequence[str], question: bool) -> list[Tokens]:
        """The tokens of each text, read as a question or as a passage."""
        with ThreadPoolExecutor(self._embedder.threads) as pool:
            return list(pool.map(partial(self._read, question=question), texts))

    def _read_anew(self, text: str, *, question: bool) -> Tokens:
        return Tokens(*self._embedder.read(text, question=question))
