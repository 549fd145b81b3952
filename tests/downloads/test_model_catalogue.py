"""The catalogue: what it promises must be possible."""

from __future__ import annotations

import re

from rag.downloads.model_catalogue import CATALOGUE
from rag.settings import DEFAULT_EMBEDDER, DEFAULT_MODEL


def test_the_defaults_are_in_it() -> None:
    kinds = {entry.name: entry.kind for entry in CATALOGUE}
    assert kinds[DEFAULT_EMBEDDER] == "embedding"
    assert kinds[DEFAULT_MODEL] == "language"
    assert len(kinds) == len(CATALOGUE)


def test_sizes_are_those_that_the_makers_publish() -> None:
    sizes = {entry.name: entry.size for entry in CATALOGUE}
    assert sizes["qwen2.5-coder-1.5b-instruct-q4_k_m"] == 1_117_320_768
    assert sizes["qwen2.5-coder-0.5b-instruct-q4_k_m"] == 491_400_064


def test_every_language_model_is_one_gguf_file_of_its_name() -> None:
    for entry in CATALOGUE:
        if entry.kind == "language":
            assert [file.name for file in entry.files] == [f"{entry.name}.gguf"]


def test_every_file_has_a_digest_and_pinned_sources_of_its_own() -> None:
    files = [file for entry in CATALOGUE for file in entry.files]
    assert all(re.fullmatch(r"[0-9a-f]{64}", file.sha256) for file in files)
    parts = [part for file in files for part in file.parts]
    assert all(re.fullmatch(r"[a-z0-9-]+==\d+\.\d+\.\d+", part.package) for part in parts)
    assert len({part.member for part in parts}) == len(parts)


def test_parts_are_in_order() -> None:
    names = [file.parts for entry in CATALOGUE for file in entry.files if len(file.parts) > 1]
    for parts in names:
        numbers = [int(part.member[-6:-4]) for part in parts]
        assert numbers == list(range(1, len(parts) + 1))
