"""The vectors in Chroma: collections of one language each, so that each language can be searched by itself.

A collection is a shard: the ledger opens the next one where a language's last is full, so that adding a
passage costs the same in a library of any size. What was measured of Chroma 1.5.9 and decides this file:
one process only; upsert by deterministic ids and repeat what was not acknowledged; a full disk makes
`upsert` hang (the ledger looks at the space before); local Chroma has no keyword index.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import LibraryDamaged, ShardDamaged, first_line
from rag.memory import give_back

_MOST = 5000  # Chroma takes 5,461 records at once
_NAME = "passages-"
RESIDENT = 200_000
"""Vectors in the shards that are being written to, about 2 KB of memory each."""
_LATE = 5_000
"""Vectors added elsewhere after which a shard counts as full: its language has gone on to the next."""
Vectors = NDArray[np.float32]


class VectorIndex:
    """Unit vectors under the passages' numbers. Any thread may call it; ShardDamaged may come of any call.

    Chroma keeps the index of every shard that was touched in memory until it is closed (its own cache
    gives nothing back: measured). So it is opened anew when those written to hold more than `resident`
    vectors, and one more comes or many of them are written to no longer. Searching loads what it searches.
    """

    def __init__(self, folder: Path, resident: int = RESIDENT) -> None:
        self._folder, self._resident = folder, resident
        self._idle, self._users, self._closing = threading.Condition(), 0, False
        self._written: dict[str, int] = {}  # shards written to since Chroma was opened, and their vectors
        self._added, self._last = 0, dict[str, int]()  # vectors so far; at which a shard was last written to
        self._open()

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import InternalError

        self._fault = InternalError
        try:
            self._client: Any = chromadb.PersistentClient(
                path=str(self._folder), settings=Settings(anonymized_telemetry=False)
            )
            names = (c.name for c in self._client.list_collections())
            self._collections = {n.removeprefix(_NAME): self._client.get_collection(n) for n in names}
        except Exception as error:  # Chroma's Rust core raises many kinds
            raise LibraryDamaged(
                f"The vectors in {self._folder} cannot be opened ({error}). "
                "`python -m rag repair` rebuilds them."
            ) from error

    def close(self) -> None:
        """Let the folder go."""
        self._client.close()
        self._collections.clear()

    @contextmanager
    def _collection(self, shard: str) -> Iterator[Any]:
        """A shard's collection, None where there is none; Chroma stays open meanwhile.

        Whoever comes while it is to be closed waits: searches that overlap would keep it open for ever.
        """
        with self._idle:
            self._idle.wait_for(lambda: not self._closing)
            self._users += 1
            collection = self._collections.get(shard)
        try:
            yield collection
        except self._fault as error:
            raise ShardDamaged(
                f"The vectors {shard} are damaged ({first_line(error)}):"
                " `python -m rag repair` makes them anew.",
                shard,
                collection,
            ) from error
        finally:
            with self._idle:
                self._users -= 1
                self._idle.notify_all()

    def _make_room(self, shard: str) -> None:
        """Let other shards' indexes go before this one is written to; waits for those that search."""
        new = shard not in self._written
        if sum(self._written.values()) > self._resident and (new or self._left() > self._resident / 4):
            self._open_anew()
            self._written.clear()
        if shard not in self._written:
            with self._collection(shard) as collection:
                self._written[shard] = collection.count() if collection else 0
        self._last[shard] = self._added

    def _left(self) -> int:
        """Vectors of the shards that were not written to of late."""
        return sum(n for shard, n in self._written.items() if self._added - self._last[shard] > _LATE)

    def _open_anew(self) -> None:
        with self._idle:
            self._closing = True
            try:
                self._idle.wait_for(lambda: not self._users)
                self.close()
                give_back()
                self._open()
            finally:
                self._closing = False
                self._idle.notify_all()

    def shards(self) -> list[str]:
        """Shards that have vectors."""
        with self._idle:
            return sorted(self._collections)

    def upsert(self, shard: str, ids: Sequence[int], vectors: Vectors) -> None:
        """Write vectors, shape (n, d), in place of those that the ids had. One thread at a time."""
        self._make_room(shard)
        if shard not in self._collections:
            self._collections[shard] = self._client.get_or_create_collection(
                collection_name(shard), embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        self._written[shard] += len(ids)
        self._added += len(ids)
        with self._collection(shard) as collection:
            for i in range(0, len(ids), _MOST):
                names = [str(number) for number in ids[i : i + _MOST]]
                collection.upsert(ids=names, embeddings=vectors[i : i + _MOST])

    def write_down(self, shard: str) -> None:
        """Have Chroma put what it holds of a shard in its log into the index."""
        with self._collection(shard) as collection:
            if collection:
                collection.count()

    def still(self, damaged: ShardDamaged) -> bool:
        """Whether the shard is the one that was found damaged: it was not dropped since."""
        with self._idle:
            return self._collections.get(damaged.shard) is damaged.collection

    def drop(self, shard: str) -> None:
        """Throw a damaged shard away; it is created anew when it is written to."""
        with self._idle:
            there = self._collections.pop(shard, None)
            self._written.pop(shard, None)
        if there:
            self._client.delete_collection(collection_name(shard))

    def delete(self, shard: str, ids: Sequence[int]) -> None:
        """Let vectors go; ids that are not there do no harm. One thread at a time."""
        self._make_room(shard)
        with self._collection(shard) as collection:
            for i in range(0, len(ids) if collection else 0, _MOST):
                collection.delete(ids=[str(number) for number in ids[i : i + _MOST]])

    def nearest(
        self, shard: str, vector: Vectors, k: int, among: Sequence[int] | None = None
    ) -> dict[int, Vectors]:
        """The k vectors of a shard nearest to a vector, all of shape (d,), by id; only `among`, if given."""
        only = {} if among is None else {"ids": [str(number) for number in among]}
        with self._collection(shard) as collection:
            if not collection or among == []:
                return {}
            found = collection.query(
                query_embeddings=vector[None], n_results=k, include=["embeddings"], **only
            )
        return _by_id(found["ids"][0], found["embeddings"][0])

    def vectors(self, shard: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors, of shape (d,), of ids that are there."""
        with self._collection(shard) as collection:
            if not collection or not ids:
                return {}
            found = collection.get(ids=[str(number) for number in ids], include=["embeddings"])
        return _by_id(found["ids"], found["embeddings"])

    def ids(self, shard: str) -> Iterator[int]:
        """All ids of a shard whose vectors can really be read back."""
        with self._collection(shard) as collection:
            for offset in range(0, collection.count() if collection else 0, _MOST):
                names = collection.get(limit=_MOST, offset=offset, include=[])["ids"]
                yield from (int(name) for name in _readable(collection, names))


def _by_id(names: Sequence[str], vectors: Any) -> dict[int, Vectors]:
    rows = np.asarray(vectors, np.float32)
    return {int(name): row for name, row in zip(names, rows, strict=True)}


def _readable(collection: Any, names: list[str]) -> list[str]:
    """Those with a vector: `get` raises for all of them where one vector is lost."""
    try:
        collection.get(ids=names, include=["embeddings"])
    except Exception:  # Chroma raises InternalError and others
        half = len(names) // 2
        return [] if not half else _readable(collection, names[:half]) + _readable(collection, names[half:])
    return names


def collection_name(shard: str) -> str:
    """What Chroma knows a shard by."""
    return _NAME + shard
