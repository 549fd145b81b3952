"""Read the metadata in the header of a GGUF file; find and hash its parts.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little-endian).
Hand-written because the `gguf` package maps every tensor and takes seconds for the vocabulary.
"""

from __future__ import annotations

import struct
from functools import cache
from glob import escape
from hashlib import file_digest
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
_MAX_STRING_BYTES = 1 << 20
"""Maximum string length; longer ones mean a damaged file. Not fitted."""

_MAX_METADATA_BYTES = 48 << 20
"""Bytes searched for the chat template; a vocabulary of 250,000 pieces takes about 16 MB. Not fitted."""

# Values of general.file_type: llama.cpp's enum llama_ftype.
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip

Header = dict[str, str | int | float | bool]


def read_header(path: Path) -> Header:
    """Return the scalar metadata before the vocabulary, by key.

    Raises Unreadable where the file is damaged or no GGUF file.
    """
    try:
        with path.open("rb") as file:
            return _header(file)
    except (OSError, struct.error, UnicodeDecodeError, KeyError, ValueError) as error:
        raise Unreadable("not_gguf", file=path.name, error=error) from error


def quantisation(header: Header) -> str:
    """Return the name of the quantisation, such as Q4_K_M; "" where it is missing."""
    value_type = header.get("general.file_type")
    return _FILE_TYPES.get(value_type, "") if isinstance(value_type, int) else ""


def context_length(header: Header) -> int | None:
    """Return the context length that the model was trained for, in tokens; None where it is missing."""
    length = header.get(f"{header.get('general.architecture')}.context_length")
    return length if isinstance(length, int) else None


def chat_template(path: Path) -> str:
    """Return a model's chat template (Jinja); "" where there is none.

    It follows the vocabulary, which takes seconds to parse, so its key is searched for.
    """
    try:
        return _chat_template(path, path.stat().st_mtime_ns)
    except (OSError, struct.error, ValueError):
        return ""


@cache
def _chat_template(path: Path, _modified_ns: int) -> str:
    key = b"tokenizer.chat_template"
    with path.open("rb") as file:
        data = file.read(_MAX_METADATA_BYTES)
        offset = data.find(struct.pack("<Q", len(key)) + key + struct.pack("<I", _STRING))
        if offset < 0:
            return ""
        file.seek(offset + 8 + len(key) + 4)
        return _string(file)


def parts(path: Path) -> list[Path]:
    """Return the files of a model: all parts of a split file."""
    if "-00001-of-" not in path.name:
        return [path]
    return list(path.parent.glob(escape(path.name).replace("-00001-of-", "-?????-of-")))


def sha256(path: Path) -> str:
    """Return a file's digest, cached until the file changes; 1 GB takes about 1 s."""
    return _sha256(path, path.stat().st_mtime_ns)


@cache
def _sha256(path: Path, _modified_ns: int) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _header(file: BinaryIO) -> Header:
    magic, version, _, entries = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF" or version not in (2, 3):
        raise ValueError("it does not begin as one")
    header: Header = {}
    for _ in range(entries):
        key = _string(file)
        if key.startswith("tokenizer."):
            break  # the vocabulary follows; nothing after it is needed
        value = _value(file, *struct.unpack("<I", file.read(4)))
        if value is not None:
            header[key] = value
    return header


def _value(file: BinaryIO, value_type: int) -> str | int | float | bool | None:
    if value_type == _STRING:
        return _string(file)
    if value_type == _ARRAY:
        inner, count = struct.unpack("<IQ", file.read(12))
        for _ in range(count):
            _value(file, inner)
        return None
    code = "<" + _SCALARS[value_type]
    value: int | float | bool = struct.unpack(code, file.read(struct.calcsize(code)))[0]
    return value


def _string(file: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", file.read(8))
    if length > _MAX_STRING_BYTES:
        raise ValueError("a text in it is too long")
    return file.read(length).decode("utf-8")
