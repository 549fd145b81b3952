"""Texts to vectors: the bundled ONNX model, or any sentence-transformers model.

Every vector has unit length, so a dot product is a cosine.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx
import numpy as np
from numpy.typing import NDArray

from rag.converting import MAX_TOKENS, ONNX_FILE
from rag.errors import ModelMissing, first_line
from rag.settings import DEFAULT_EMBEDDER, Settings

M = TypeVar("M")
_Loaded = tuple[Any, Any]  # an InferenceSession and a Tokenizer

_MAX_CHARACTERS = 32 * MAX_TOKENS
"""More than the tokens that are kept can hold; a pasted book is not tokenised to its end."""
LAYERS = (6, 9, 12)
"""Layers, from 1, whose states can be had of the bundled model: those that rag.evidence was made for."""
_MODEL_FILES = {".safetensors", ".bin", ".onnx", ".json", ".txt", ".model"}


class Embedder(Protocol):
    """A model that turns texts into vectors of unit length. Any thread may call it.

    `name` is for people; `dimension` the length of a vector; `fingerprint` 64 hex digits, others
    whenever the vectors would be.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def dimension(self) -> int: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for every text, in order: (texts, dimension)."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: (dimension,)."""
        ...


def load_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. Raises ModelMissing where it is not on this machine."""
    if settings.embedder == DEFAULT_EMBEDDER:
        return OnnxEmbedder(settings.models / DEFAULT_EMBEDDER, settings.threads)
    source = settings.model_source(settings.embedder)
    return SentenceTransformerEmbedder(source, settings.query_prefix, settings.passage_prefix)


class OnnxEmbedder:
    """The bundled model: a folder that `rag.converting.convert` made. Loads in a second, no torch.

    Every text is run alone on one thread, `threads` texts at a time (all processors where None).
    In a batch the vector of a text would depend on its neighbours (cosine down to 0.996), because
    quantisation scales the activations of a batch together. One thread for one text is as fast:
    nothing is padded, and no thread waits for another.

    Raises ModelMissing where the folder does not hold the model.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        if not (folder / ONNX_FILE).is_file():
            raise ModelMissing(
                f"The embedding model is not in {folder}: run `python -m rag setup` to fetch it."
            )
        self.threads = threads or os.cpu_count() or 1
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self.name = folder.name
        with self._mendable():
            prompts = json.loads((folder / "config_sentence_transformers.json").read_bytes())["prompts"]
            self._query_prefix: str = prompts["query"]
            self._passage_prefix: str = prompts["passage"]
            self.dimension: int = json.loads((folder / "config.json").read_bytes())["hidden_size"]

    @contextmanager
    def _mendable(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # its libraries raise what they like
            raise ModelMissing(
                f"The embedding model in {self._folder} is damaged ({first_line(error)}): delete that folder"
                " and run `python -m rag setup` to fetch it again."
            ) from error

    def _model(self) -> _Loaded:
        """Loaded when first needed: a second's work that an ingestion of nothing new is spared."""
        with self._lock:
            if self._loaded is None:
                with self._mendable():
                    self._loaded = _load_onnx(self._folder)
            return self._loaded

    @cached_property
    def fingerprint(self) -> str:
        """Of the ONNX file, the tokenizer and the prefixes."""
        files = (self._folder / ONNX_FILE, self._folder / "tokenizer.json")
        return _fingerprint(files, self._query_prefix, self._passage_prefix)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for every text, in order: (texts, dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        prefixed = (self._passage_prefix + text for text in texts)
        with ThreadPoolExecutor(self.threads) as pool:
            for row, vector in enumerate(pool.map(self._embed, prefixed)):
                vectors[row] = vector
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: (dimension,)."""
        return self._embed(self._query_prefix + text)

    def read(self, text: str, *, question: bool) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        """What LAYERS hold of each token of a text: shape (layers, tokens, hidden), and the tokens' spans.

        The text is read as a question or as a passage. Raises ModelMissing where the model has no such layer.
        """
        session, tokenizer = self._model()
        prefix = self._query_prefix if question else self._passage_prefix
        encoded = tokenizer.encode(clean(prefix + text))
        own = [n for n, (_, end) in enumerate(encoded.offsets) if end > len(prefix)]
        with self._mendable():
            states = np.concatenate(session.run([_states_of(n) for n in LAYERS], _feed(encoded.ids)))
        offsets = [encoded.offsets[n] for n in own]
        return states[:, own], [(max(0, start - len(prefix)), end - len(prefix)) for start, end in offsets]

    def _embed(self, text: str) -> NDArray[np.float32]:
        session, tokenizer = self._model()
        feed = _feed(tokenizer.encode(clean(text)).ids)
        vector: NDArray[np.float32] = session.run(["vectors"], feed)[0][0]
        return vector


def _feed(ids: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    row = np.array([ids], dtype=np.int64)
    return {"input_ids": row, "attention_mask": np.ones_like(row)}


def _states_of(layer: int) -> str:
    """The name that rag.onnx_graph gives to a layer's states."""
    return f"l{layer - 1}.oln"


def _load_onnx(folder: Path) -> _Loaded:
    import onnx
    import onnxruntime
    from tokenizers import Tokenizer

    model = onnx.load(folder / ONNX_FILE)
    there = {name for node in model.graph.node for name in node.output}
    for name in there & {_states_of(layer) for layer in LAYERS}:
        # further outputs, in memory only: the file's bytes are its fingerprint, and the vectors stay equal
        info = onnx.helper.make_empty_tensor_value_info(name)
        info.type.tensor_type.elem_type = onnx.TensorProto.FLOAT
        model.graph.output.append(info)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    data = model.SerializeToString()
    del model  # 80 MB, as the bytes are: not all at once
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    session._model_bytes = b""  # it would keep them, for a change of providers
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    return session, tokenizer


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by id or folder.

    A folder, or a model that the hub's cache holds, needs no network. The model's own prompts are
    used where no prefix is given. Code that comes with a model is never run, and only safetensors
    weights are loaded. Raises ModelMissing where the model cannot be loaded.
    """

    def __init__(self, name_or_folder: str, query_prefix: str = "", passage_prefix: str = "") -> None:
        from sentence_transformers import SentenceTransformer

        instead = f"set BYLINE_EMBEDDER to another, or unset it for {DEFAULT_EMBEDDER}"
        self._model = load_local_first(SentenceTransformer, name_or_folder, "embedding model", instead)
        prompts = self._model.prompts
        self._query_prefix = query_prefix or prompts.get("query") or ""
        self._passage_prefix = passage_prefix or prompts.get("passage") or prompts.get("document") or ""
        self._lock = threading.Lock()
        self._source = name_or_folder
        self.name = Path(name_or_folder).name if Path(name_or_folder).is_dir() else name_or_folder
        self.dimension: int = self._encode([""], "").shape[1]

    @cached_property
    def fingerprint(self) -> str:
        """Of the model's files and the prefixes."""
        folder = Path(self._source)
        if not folder.is_dir():
            from huggingface_hub import snapshot_download

            folder = Path(snapshot_download(self._source, local_files_only=True))
        files = (path for path in sorted(folder.rglob("*")) if path.suffix in _MODEL_FILES)
        return _fingerprint(files, self._query_prefix, self._passage_prefix)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for every text, in order: (texts, dimension)."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._encode(texts, self._passage_prefix)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: (dimension,)."""
        vector: NDArray[np.float32] = self._encode([text], self._query_prefix)[0]
        return vector

    def _encode(self, texts: Sequence[str], prefix: str) -> NDArray[np.float32]:
        with self._lock:  # its tokenizer cannot be shared between threads
            vectors: NDArray[np.float32] = self._model.encode(
                [clean(text) for text in texts],
                prompt=prefix,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors.astype(np.float32, copy=False)


def load_local_first(load: Callable[..., M], name: str, what: str, instead: str) -> M:
    """What `load` makes of a folder or of the hub's cache if the model is there, else of the hub.

    Code that comes with a model is never run, and only safetensors weights are loaded. Raises
    ModelMissing: `what` was not there, and `instead` is what to do.
    """
    from huggingface_hub import constants
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    weights = {"use_safetensors": True}
    try:
        return load(name, local_files_only=True, model_kwargs=weights)
    except Exception as error:  # its libraries raise what they like
        if Path(name).is_dir():
            raise ModelMissing(
                f"{name} holds no model that can be used ({first_line(error)}): {instead}."
            ) from error
    try:
        httpx.head(constants.ENDPOINT, timeout=5)  # without a network the hub is retried for a minute
        return load(name, model_kwargs=weights)
    except Exception as error:
        raise ModelMissing(
            f"The {what} {name} is not on this machine and could not be fetched"
            f" ({first_line(error)}): {instead}."
        ) from error


def _fingerprint(files: Iterable[Path], *prefixes: str) -> str:
    """64 hex digits that change with the content of any of the files, and with the prefixes."""
    digest = hashlib.sha256(json.dumps(prefixes).encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def clean(text: str) -> str:
    """The text as tokenizers take it: lone surrogates replaced, the rest of a book left off."""
    return text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
