"""A library file that is damaged is told as such, whatever the damage."""

from __future__ import annotations

import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import LibraryDamaged
from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]  # Chroma on disk

OVERWRITTEN_BYTES = 500
"""Of 280,000. 100 of them once all fell on room that SQLite does not use."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of thirty articles, closed."""
    folder = tmp_path_factory.mktemp("library")
    articles = folder / "articles"
    articles.mkdir()
    for n in range(30):
        text = f"Pier {n}\n\nThe harbour master, Ida Brandt, spoke of pier {n} in the harbour.\n"
        (articles / f"{n}.txt").write_text(text * 5)
    with closing(Store(folder / "data", HashEmbedder())) as store:
        Ingester(store, HashEmbedder()).run([articles])
    return folder / "data"


def use(folder: Path) -> bool:
    """Use a library in every way; return whether it was damaged."""
    embedder = HashEmbedder()
    try:
        with closing(Store(folder, embedder)) as store:
            store.ledger.check()
            store.ledger.articles(-1)
            store.missing_vectors()
            Retriever(store, embedder).search("Who is the harbour master?", 5, language="en")
            Ingester(store, embedder).run([folder.parent / "articles"])
    except LibraryDamaged as damage:
        assert "library.sqlite" in str(damage), "the damaged file is named"
        return True
    return False


@pytest.mark.parametrize("seed", range(10))
def test_overwritten_bytes_are_damage(good: Path, tmp_path: Path, seed: int) -> None:
    shutil.copytree(good, tmp_path / "data")
    file, chance = tmp_path / "data" / "library.sqlite", random.Random(seed)
    data = bytearray(file.read_bytes())
    for _ in range(OVERWRITTEN_BYTES):
        data[chance.randrange(len(data))] = chance.randrange(256)
    file.write_bytes(data)
    (tmp_path / "articles").mkdir()
    assert use(tmp_path / "data"), "so many bytes of a file this small hit what is read"


def test_a_file_that_was_cut_off_is_damage(good: Path, tmp_path: Path) -> None:
    shutil.copytree(good, tmp_path / "data")
    file = tmp_path / "data" / "library.sqlite"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert use(tmp_path / "data")


def test_what_is_not_damaged_is_used(good: Path, tmp_path: Path) -> None:
    shutil.copytree(good, tmp_path / "data")
    (tmp_path / "articles").mkdir()
    assert not use(tmp_path / "data")
