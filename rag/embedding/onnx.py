"""The bundled embedding model, run by ONNX Runtime."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.downloads.e5_convert import MAX_TOKENS, ONNX_FILE
from rag.embedding.base import fingerprint_of, tokenizer_input
from rag.errors import ModelMissing, first_line

_LoadedModel = tuple[Any, Any]
"""An onnxruntime.InferenceSession and a tokenizers.Tokenizer."""

LAYERS = (6, 9, 12)
"""Layers, counted from 1, whose hidden states can be read; the answer scorer was trained on them."""


class OnnxEmbedder:
    """The bundled model, from a folder that `rag.downloads.e5_convert.convert` wrote; needs no torch.

    Each text is a run of its own on one thread; `threads` run in parallel (None: one per processor). In a
    batch, a text's vector would depend on the other texts (cosine down to 0.996), because quantisation scales
    the activations of a batch together. Single texts are as fast: they are not padded, and no thread waits
    for another.

    Raises ModelMissing if the folder does not hold the model.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        if not (folder / ONNX_FILE).is_file():
            raise ModelMissing("embedder_missing", folder=folder)
        self.threads = threads or os.cpu_count() or 1
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: _LoadedModel | None = None
        self.name = folder.name
        with self._reporting_damage():
            prompts = json.loads((folder / "config_sentence_transformers.json").read_bytes())["prompts"]
            self._query_prefix: str = prompts["query"]
            self._passage_prefix: str = prompts["passage"]
            self.dimension: int = json.loads((folder / "config.json").read_bytes())["hidden_size"]

    @contextmanager
    def _reporting_damage(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # onnxruntime and tokenizers document no exceptions
            raise ModelMissing("embedder_damaged", folder=self._folder, error=first_line(error)) from error

    def _model(self) -> _LoadedModel:
        """Load the model on first use: an ingestion without changes then saves a second."""
        with self._lock:
            if self._loaded is None:
                with self._reporting_damage():
                    self._loaded = _load_onnx(self._folder)
            return self._loaded

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the ONNX file, the tokenizer and the prefixes."""
        files = (self._folder / ONNX_FILE, self._folder / "tokenizer.json")
        return fingerprint_of(files, self._query_prefix, self._passage_prefix)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages; return shape (texts, dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        prefixed = (self._passage_prefix + text for text in texts)
        with ThreadPoolExecutor(self.threads) as pool:
            for row, vector in enumerate(pool.map(self._embed, prefixed)):
                vectors[row] = vector
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question; return shape (dimension,)."""
        return self._embed(self._query_prefix + text)

    def token_states(self, text: str, *, question: bool) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        """Return the hidden states of LAYERS, (layers, tokens, hidden), and each token's span in `text`.

        The model reads the text after the prefix of a question or of a passage; the prefix's tokens are left
        out. Raises ModelMissing if the model lacks one of the layers.
        """
        session, tokenizer = self._model()
        prefix = self._query_prefix if question else self._passage_prefix
        encoded = tokenizer.encode(tokenizer_input(prefix + text))
        own = [n for n, (_, end) in enumerate(encoded.offsets) if end > len(prefix)]
        with self._reporting_damage():
            states = np.concatenate(session.run([_output_of(n) for n in LAYERS], _feed(encoded.ids)))
        offsets = [encoded.offsets[n] for n in own]
        return states[:, own], [(max(0, start - len(prefix)), end - len(prefix)) for start, end in offsets]

    def _embed(self, text: str) -> NDArray[np.float32]:
        session, tokenizer = self._model()
        feed = _feed(tokenizer.encode(tokenizer_input(text)).ids)
        vector: NDArray[np.float32] = session.run(["vectors"], feed)[0][0]
        return vector


def _feed(ids: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    row = np.array([ids], dtype=np.int64)
    return {"input_ids": row, "attention_mask": np.ones_like(row)}


def _output_of(layer: int) -> str:
    """Return the name of a layer's output in the graph that rag.downloads.e5_onnx writes."""
    return f"l{layer - 1}.oln"


def _load_onnx(folder: Path) -> _LoadedModel:
    import onnxruntime
    from tokenizers import Tokenizer

    data = (folder / ONNX_FILE).read_bytes()
    outputs = [name for name in map(_output_of, LAYERS) if name.encode() in data]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        data + _more_outputs(outputs), options, providers=["CPUExecutionProvider"]
    )
    session._model_bytes = b""  # needed only to change the execution provider
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    return session, tokenizer


def _more_outputs(names: Sequence[str]) -> bytes:
    """Return what makes these names outputs when it is appended to a model's bytes.

    Protocol Buffers merge the fields of concatenated messages (the field numbers are those of onnx.proto).
    Parsing and serialising the model instead takes half a second. The file stays as it is: its
    bytes are its fingerprint.
    """
    float_tensor = _field(2, _field(1, b"\x08\x01"))  # a TypeProto: tensor_type.elem_type is FLOAT
    return _field(7, b"".join(_field(12, _field(1, name.encode()) + float_tensor) for name in names))


def _field(number: int, content: bytes) -> bytes:
    """Encode a length-delimited field of a message; the content is shorter than 16 kB."""
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return bytes([number << 3 | 2]) + length + content
