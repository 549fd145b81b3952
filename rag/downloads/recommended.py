"""Larger models than the default, on the Hugging Face hub, pinned by commit and SHA-256.

Sizes and digests are those that other public projects pin; downloads are compared with those of the hub. None
of these models was measured with Byline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag import memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """A model of the hub: `name` is the argument of `models pull`, `file` its name in the models folder."""

    name: str
    file: str
    revision: str
    size: int
    sha256: str


RECOMMENDED = (
    Recommended(
        name="hf:unsloth/Qwen3.5-4B-GGUF:Q4_K_M",
        file="Qwen3.5-4B-Q4_K_M.gguf",
        revision="e87f176479d0855a907a41277aca2f8ee7a09523",
        size=2_740_937_888,
        sha256="00fe7986ff5f6b463e62455821146049db6f9313603938a70800d1fb69ef11a4",
    ),
    Recommended(
        name="hf:bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF:Q4_K_M",
        file="Qwen_Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        revision="ae44f08e1392f39c0e474af10c3ff8355c8b6688",
        size=2_497_280_736,
        sha256="2fde00ce69dd4899c70d020845e2638353015bba0fdf161b3eb965f2bca4464e",
    ),
    Recommended(
        name="hf:unsloth/Qwen3.5-2B-GGUF:Q4_K_M",
        file="Qwen3.5-2B-Q4_K_M.gguf",
        revision="f6d5376be1edb4d416d56da11e5397a961aca8ae",
        size=1_280_835_840,
        sha256="aaf42c8b7c3cab2bf3d69c355048d4a0ee9973d48f16c731c0520ee914699223",
    ),
)
"""Best first, judged by size and release date."""


def pinned(name: str) -> Recommended | None:
    """Return the recommended model with a name; None for any other name."""
    return next((model for model in RECOMMENDED if model.name == name), None)


def best(models: Sequence[Recommended], free: int | None) -> Recommended | None:
    """Return the first model that fits into `free` bytes of memory; None if none does or it is unknown."""
    return next((m for m in models if free is not None and memory.needed(m.size) <= free), None)
