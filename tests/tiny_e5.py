"""A model of a few kilobytes, laid out as the bundled one's 4-bit file, and BERT in plain numpy."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HIDDEN, LAYERS, HEADS, INNER, WORDS, PLACES, EPS = 64, 2, 2, 128, 40, 512, 1e-12
VOCABULARY = ["<s>", "<pad>", "</s>", "<unk>", "query:", "passage:", "a", "b", "c", "d", "e", "f"]

Tensors = dict[str, NDArray[np.float32]]


def write_model(folder: Path, seed: int = 0) -> tuple[Path, Path, Tensors]:
    """The 4-bit file and the tokenizer in `folder`, and the weights that the file holds."""
    folder.mkdir(parents=True, exist_ok=True)
    stored = {name: _stored(name, value) for name, value in _random(seed).items()}
    weights, tokenizer = folder / "tiny-q4.bin", folder / "tokenizer.json"
    weights.write_bytes(_layout({name: (data, raw) for name, (data, raw, _) in stored.items()}))
    tokenizer.write_text(json.dumps(_tokenizer()), encoding="utf-8")
    return weights, tokenizer, {name: value for name, (_, _, value) in stored.items()}


def embed(tensors: Tensors, ids: list[int]) -> NDArray[np.float64]:
    """What the model says of some token ids, worked out in double precision."""
    t = {name: value.astype(np.float64) for name, value in tensors.items()}
    x = t["emb.word"][ids] + t["emb.pos"][: len(ids)] + t["emb.type"][0]
    x = _normalise(x, t, "emb.ln")
    for layer in (f"l{n}." for n in range(LAYERS)):
        q, k, v = (_heads(_linear(x, t, layer + part)) for part in "qkv")
        scores = np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(HIDDEN / HEADS))
        mixed = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(x.shape)
        x = _normalise(x + _linear(mixed, t, layer + "ao"), t, layer + "aln")
        inner = _gelu(_linear(x, t, layer + "fi"))
        x = _normalise(x + _linear(inner, t, layer + "fo"), t, layer + "oln")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def _linear(x: NDArray[np.float64], t: dict, name: str) -> NDArray[np.float64]:
    return x @ t[name + ".w"].T + t[name + ".b"]


def _heads(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return x.reshape(len(x), HEADS, -1).transpose(1, 0, 2)


def _normalise(x: NDArray[np.float64], t: dict, name: str) -> NDArray[np.float64]:
    centred = x - x.mean(-1, keepdims=True)
    unit = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPS)
    return unit * t[name + ".w"] + t[name + ".b"]


def _gelu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    from math import erf, sqrt

    return x * 0.5 * (1 + np.vectorize(erf)(x / sqrt(2)))


def _random(seed: int) -> Tensors:
    rng = np.random.default_rng(seed)
    sizes = {"emb.word": (WORDS, HIDDEN), "emb.pos": (PLACES, HIDDEN), "emb.type": (2, HIDDEN)}
    sizes |= {"emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,)}
    for layer in (f"l{n}." for n in range(LAYERS)):
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            outputs = INNER if part == "fi" else HIDDEN
            sizes[f"{layer}{part}.w"] = (outputs, INNER if part == "fo" else HIDDEN)
            sizes[f"{layer}{part}.b"] = (outputs,)
        sizes |= {f"{layer}{norm}.{end}": (HIDDEN,) for norm in ("aln", "oln") for end in "wb"}
    return {name: rng.normal(0, 0.2, size).astype(np.float32) for name, size in sizes.items()}


def _stored(name: str, value: NDArray[np.float32]) -> tuple[int, bytes, NDArray[np.float32]]:
    """Whether it is Q4_0, its bytes, and the value that they hold."""
    if value.ndim == 1 or name in ("emb.pos", "emb.type"):
        return 0, value.tobytes(), value
    blocks = value.reshape(-1, 32)
    scales = (np.abs(blocks).max(1, keepdims=True) / 7).astype("<f2")
    weights = np.clip(np.rint(blocks / scales) + 8, 0, 15).astype(np.uint8)
    halves = weights[:, :16] | weights[:, 16:] << 4
    raw = np.concatenate([scales.view(np.uint8), halves], axis=1).tobytes()
    return 1, raw, ((weights.astype(np.float32) - 8) * scales).reshape(value.shape)


def _layout(stored: dict[str, tuple[int, bytes]]) -> bytes:
    """Header, tokenizer (3 pieces, which nobody reads), directory, tensors."""
    shape = (HIDDEN, LAYERS, HEADS, INNER, WORDS, PLACES, 2)
    head = b"E5S1" + struct.pack("<I7ifi", 1, *shape, EPS, 32)
    head += struct.pack("<5iQ", 3, 0, 2, 1, 3, 5) + bytes(4 * 4 + 3 * 4) + b"abcde"
    head += struct.pack("<iI", 1, 9) + bytes(9)
    at = len(head) + 4 + sum(2 + len(name) + 21 for name in stored)
    directory = struct.pack("<i", len(stored))
    for name, (quantised, raw) in stored.items():
        values = len(raw) // 18 * 32 if quantised else len(raw) // 4
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", quantised, values, at, len(raw))
        at += len(raw)
    return head + directory + b"".join(raw for _, raw in stored.values())


def _tokenizer() -> dict:
    words = {word: n for n, word in enumerate(VOCABULARY)}
    special = [{"SpecialToken": {"id": word, "type_id": 0}} for word in ("<s>", "</s>")]
    sequence = {"Sequence": {"id": "A", "type_id": 0}}
    return {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special[0], sequence, special[1]],
            "pair": [special[0], sequence, special[1]],
            "special_tokens": {
                word: {"id": word, "ids": [words[word]], "tokens": [word]} for word in ("<s>", "</s>")
            },
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": words, "unk_token": "<unk>"},
    }
