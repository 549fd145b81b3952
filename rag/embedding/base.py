"""The embedder protocol, and functions that all embedders share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.downloads.e5_convert import MAX_TOKENS

_MAX_CHARACTERS = 32 * MAX_TOKENS
"""Maximum length of a text passed to a tokenizer, far beyond MAX_TOKENS. Not fitted."""


class Embedder(Protocol):
    """A model that maps texts to unit vectors, so that a dot product is a cosine.

    Any thread may call it. `name` is for display, `dimension` is the number of components of a vector, and
    `fingerprint` is a SHA-256 in hex that changes whenever the vectors would.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def dimension(self) -> int: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages; return shape (texts, dimension)."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question; return shape (dimension,)."""
        ...


def fingerprint_of(files: Iterable[Path], *prefixes: str) -> str:
    """Return the SHA-256, in hex, of the files' contents and the prefixes."""
    digest = hashlib.sha256(json.dumps(prefixes).encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def tokenizer_input(text: str) -> str:
    """Return a text that tokenizers accept: truncated, with lone surrogates replaced."""
    return text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
