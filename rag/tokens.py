"""What the bundled model holds of each token of a text, in some of its layers (for rag.evidence).

The ONNX file gives only a text's vector, and its bytes must stay as they are: indexes know it by them.
So the layers' states are made further outputs of a copy in memory.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from rag.converting import MAX_TOKENS, ONNX_FILE
from rag.embedding import clean
from rag.evidence import Tokens

LAYERS = (6, 9, 12)
"""The layers whose states are read, from 1: those that `evidence.npz` was made for."""


class OnnxTokens:
    """The model in a folder that `rag.converting.convert` made. Any thread may call it.

    Loaded when first needed: half a second, and as much memory again as the model.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None
        prompts = json.loads((folder / "config_sentence_transformers.json").read_bytes())["prompts"]
        self._prefixes: tuple[str, str] = (prompts["passage"], prompts["query"])

    def __call__(self, texts: Sequence[str], question: bool) -> list[Tokens]:
        """The tokens of each text, read with the prefix of a question or of a passage."""
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(partial(self._read, self._prefixes[question]), texts))

    def _read(self, prefix: str, text: str) -> Tokens:
        session, tokenizer = self._model()
        encoded = tokenizer.encode(clean(prefix + text))
        ids = np.array([encoded.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        states = np.concatenate(session.run([_output(layer) for layer in LAYERS], feed))
        own = [n for n, (_, end) in enumerate(encoded.offsets) if end > len(prefix)]
        spans = [(max(0, start - len(prefix)), end - len(prefix)) for start, end in encoded.offsets]
        return Tokens(states[:, own], [spans[n] for n in own])

    def _model(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder)
            return self._loaded


def _output(layer: int) -> str:
    """The name that rag.onnx_graph gives to a layer's states."""
    return f"l{layer - 1}.oln"


def _load(folder: Path) -> tuple[Any, Any]:
    import onnx
    import onnxruntime
    from tokenizers import Tokenizer

    model = onnx.load(folder / ONNX_FILE)
    for layer in LAYERS:
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info(_output(layer)))
        model.graph.output[-1].type.tensor_type.elem_type = onnx.TensorProto.FLOAT
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    return session, tokenizer
