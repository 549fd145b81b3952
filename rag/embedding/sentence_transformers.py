"""Embedders of the sentence-transformers library."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedding.base import fingerprint_of, tokenizer_input
from rag.embedding.hub import load_local_first
from rag.locales.message import Message
from rag.settings import DEFAULT_EMBEDDER

_MODEL_SUFFIXES = {".safetensors", ".bin", ".onnx", ".json", ".txt", ".model"}
"""Suffixes of the files that a model's vectors depend on."""


class SentenceTransformerEmbedder:
    """A sentence-transformers model, by id or folder; see `load_local_first`.

    Without a prefix the model's own prompt, if any, is used. Raises ModelMissing if it cannot be loaded.
    """

    def __init__(self, name_or_folder: str, query_prefix: str = "", passage_prefix: str = "") -> None:
        from sentence_transformers import SentenceTransformer

        what, advice = Message.of("what_embedder"), Message.of("instead_embedder", name=DEFAULT_EMBEDDER)
        self._model = load_local_first(SentenceTransformer, name_or_folder, what, advice)
        prompts = self._model.prompts
        self._query_prefix = query_prefix or prompts.get("query") or ""
        self._passage_prefix = passage_prefix or prompts.get("passage") or prompts.get("document") or ""
        self._lock = threading.Lock()
        self._source = name_or_folder
        self.name = Path(name_or_folder).name if Path(name_or_folder).is_dir() else name_or_folder
        self.dimension: int = self._encode([""], "").shape[1]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the model's files and the prefixes."""
        folder = Path(self._source)
        if not folder.is_dir():
            from huggingface_hub import snapshot_download

            folder = Path(snapshot_download(self._source, local_files_only=True))
        files = (path for path in sorted(folder.rglob("*")) if path.suffix in _MODEL_SUFFIXES)
        return fingerprint_of(files, self._query_prefix, self._passage_prefix)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages; return shape (texts, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._encode(texts, self._passage_prefix)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question; return shape (dimension,)."""
        vector: NDArray[np.float32] = self._encode([text], self._query_prefix)[0]
        return vector

    def _encode(self, texts: Sequence[str], prefix: str) -> NDArray[np.float32]:
        with self._lock:  # the tokenizer is not thread safe
            vectors: NDArray[np.float32] = self._model.encode(
                [tokenizer_input(text) for text in texts],
                prompt=prefix,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors.astype(np.float32, copy=False)
