from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from rag.store.chroma_folder import ChromaFolder
from rag.store.chroma_server import ChromaServer
from rag.store.vectors import VectorIndex, Vectors

SHARDS = ("en-0", "fr-0", "zh-0", "en-1", "vi-0", "ru-0")


@pytest.fixture(params=["folder", "server"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    """One in a folder, which lets indexes go whenever more than 30 vectors are written; one on a server."""
    if request.param == "folder":
        index = VectorIndex(ChromaFolder(tmp_path / "vectors", resident=30))
    else:
        address = request.getfixturevalue("chroma").address
        index = VectorIndex(ChromaServer(address, "", f"byline-{tmp_path.name}-0"))
    yield index
    index.close()


def vectors(count: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, 16), np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def ids_of(turn: int, shard: str) -> range:
    first = turn * 1000 + SHARDS.index(shard) * 100
    return range(first, first + 12)


def write(index: VectorIndex, turns: int) -> None:
    for turn in range(turns):
        for shard in SHARDS:
            ids = ids_of(turn, shard)
            index.upsert(shard, ids, vectors(len(ids), ids.start))


@pytest.mark.slow
def test_nothing_is_lost_when_chroma_lets_indexes_go(index: VectorIndex) -> None:
    write(index, turns=4)
    index.delete("fr-0", ids_of(1, "fr-0"))
    for shard in SHARDS:
        kept = [turn for turn in range(4) if (shard, turn) != ("fr-0", 1)]
        assert set(index.ids(shard)) == {i for turn in kept for i in ids_of(turn, shard)}
        for turn in kept:
            ids = ids_of(turn, shard)
            (wanted, *_) = vectors(len(ids), ids.start)
            assert next(iter(index.nearest(shard, wanted, 1))) == ids.start


@pytest.mark.slow
def test_searches_go_on_while_chroma_lets_indexes_go(index: VectorIndex) -> None:
    write(index, turns=1)
    done = Event()

    def search() -> int:
        searches = 0
        while not done.is_set():
            for shard in index.shards():
                ids = ids_of(0, shard)
                (wanted, *_) = vectors(len(ids), ids.start)
                assert next(iter(index.nearest(shard, wanted, 3))) == ids.start
                searches += 1
        return searches

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(search) for _ in range(2)]
        try:
            write(index, turns=4)
        finally:
            done.set()
        assert all(reader.result() > 0 for reader in readers)


def test_more_neighbours_than_there_are_are_all_there_are(index: VectorIndex) -> None:
    index.upsert("en-0", range(5), vectors(5, 1))
    assert set(index.nearest("en-0", vectors(1, 2)[0], 40)) == set(range(5))
    assert set(index.nearest("en-0", vectors(1, 2)[0], 40, among=[1, 3])) == {1, 3}
    assert index.nearest("en-0", vectors(1, 2)[0], 40, among=[]) == {}
    assert index.nearest("xx-0", vectors(1, 2)[0], 40) == {}
