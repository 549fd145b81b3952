"""What the bundled model holds of each token of texts, in some of its layers (for rag.evidence)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from rag.embedding import OnnxEmbedder
from rag.evidence import Tokens


class OnnxTokens:
    """Reads texts with the embedder's own session and as many threads."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self._embedder = embedder

    def __call__(self, texts: Sequence[str], question: bool) -> list[Tokens]:
        """The tokens of each text, read as a question or as a passage."""

        def read(text: str) -> Tokens:
            return Tokens(*self._embedder.read(text, question=question))

        with ThreadPoolExecutor(self._embedder.threads) as pool:
            return list(pool.map(read, texts))
