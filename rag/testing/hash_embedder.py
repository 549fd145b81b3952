"""An Embedder without a model: feature hashing over words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray


@cache
def _hash(word: str) -> int:
    """Return the MD5 of a word as a number: `hash` differs from process to process."""
    return int(hashlib.md5(word.encode()).hexdigest(), 16)


class HashEmbedder:
    """Embeds texts as hashed word counts: cosine similarity grows with the number of shared words.

    Vectors have 64 float32 components and length 1. They depend on the words only, not on their order or
    case, and are the same in every process (Weinberger et al., 2009, "Feature Hashing for Large Scale
    Multitask Learning").
    """

    name, dimension, fingerprint = "hashing", 64, "1"

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row per text: float32, shape (len(texts), 64)."""
        rows = [self.embed_query(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(rows), self.dimension)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of one text: float32, shape (64,)."""
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in re.findall(r"\w+", text.casefold()):
            vector[_hash(word) % self.dimension] += 1
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit
