"""What a GGUF file says of itself, read from its header alone.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 2 and 3, little-endian).
The `gguf` package reads the same, but maps every tensor and spends seconds on a vocabulary.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from rag.errors import Unreadable

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9
_LONGEST_TEXT = 1 << 20

# general.file_type, as llama.cpp's enum llama_ftype numbers them.
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip

Header = dict[str, str | int | float | bool]


def read_header(path: Path) -> Header:
    """The scalar values in front of the vocabulary, by key.

    Raises Unreadable where the file is no GGUF file, or a damaged one.
    """
    try:
        with path.open("rb") as file:
            return _header(file)
    except (OSError, struct.error, UnicodeDecodeError, KeyError, ValueError) as error:
        raise Unreadable(f"{path.name} is not a whole GGUF file: {error}.") from error


def quantisation(header: Header) -> str:
    """The name of the file's quantisation, such as Q4_K_M; empty where it is not said."""
    kind = header.get("general.file_type")
    return _FILE_TYPES.get(kind, "") if isinstance(kind, int) else ""


def context_length(header: Header) -> int | None:
    """The context in tokens that the model was trained for."""
    length = header.get(f"{header.get('general.architecture')}.context_length")
    return length if isinstance(length, int) else None


def _header(file: BinaryIO) -> Header:
    magic, version, _, entries = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF" or version not in (2, 3):
        raise ValueError("it does not begin as one")
    header: Header = {}
    for _ in range(entries):
        key = _text(file)
        if key.startswith("tokenizer."):
            break  # the vocabulary; what we need stands before it
        value = _value(file, *struct.unpack("<I", file.read(4)))
        if value is not None:
            header[key] = value
    return header


def _value(file: BinaryIO, kind: int) -> str | int | float | bool | None:
    if kind == _STRING:
        return _text(file)
    if kind == _ARRAY:
        inner, count = struct.unpack("<IQ", file.read(12))
        for _ in range(count):
            _value(file, inner)
        return None
    code = "<" + _SCALARS[kind]
    value: int | float | bool = struct.unpack(code, file.read(struct.calcsize(code)))[0]
    return value


def _text(file: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", file.read(8))
    if length > _LONGEST_TEXT:
        raise ValueError("a text in it is too long")
    return file.read(length).decode("utf-8")
