"""The vectors in Chroma, in shards: collections of one language and limited size.

The ledger opens a new shard when a language's last is full, so that adding a passage costs the same in a
library of any size. Properties of Chroma 1.5.9 that shape this module, all measured: only one process may
open a folder; an unacknowledged `upsert` must be repeated under the same ids; on a full disk `upsert` hangs
(the database checks the free space first); a local Chroma has no keyword index.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import LibraryDamaged, ShardDamaged, first_line
from rag.memory import release_freed

_MAX_BATCH = 5000
"""Maximum number of vectors in one call; Chroma accepts 5,461."""
_NAME_PREFIX = "passages-"
MAX_RESIDENT_VECTORS = 200_000
"""Maximum vectors, of about 2 KB, in memory for writing; see docs/benchmarks.md (bench/scaling.py)."""
_IDLE_AFTER_VECTORS = 5_000
"""Number of vectors added elsewhere after which a shard counts as idle. Not fitted."""
Vectors = NDArray[np.float32]


class VectorIndex:
    """Unit vectors, stored under the passages' numbers. Thread safe. Any call may raise ShardDamaged.

    Chroma keeps the index of every used shard in memory until it is closed; its own cache limit frees
    nothing (measured). So Chroma is reopened once the shards written to hold more than `resident` vectors,
    when another shard is written to or idle shards hold a quarter of `resident`.
    """

    def __init__(self, folder: Path, resident: int = MAX_RESIDENT_VECTORS) -> None:
        self._folder, self._resident = folder, resident
        self._idle, self._users, self._closing = threading.Condition(), 0, False
        self._written: dict[str, int] = {}  # vectors by shard written to since opening
        self._added, self._last = 0, dict[str, int]()  # vectors added so far, and at a shard's last write
        self._open()

    def _open(self) -> None:
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import InternalError, InvalidArgumentError

        self._fault = InternalError, InvalidArgumentError  # the latter where its log of writes is damaged
        try:
            self._client: Any = chromadb.PersistentClient(
                path=str(self._folder), settings=Settings(anonymized_telemetry=False)
            )
            names = (c.name for c in self._client.list_collections())
            self._collections = {shard_of(n): self._client.get_collection(n) for n in names}
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # Chroma's Rust core raises many kinds; its panics are no Exception
            raise LibraryDamaged("vectors_damaged", folder=self._folder, error=error) from error

    def close(self) -> None:
        """Close Chroma."""
        self._client.close()
        self._collections.clear()

    @contextmanager
    def _collection(self, shard: str) -> Iterator[Any]:
        """Yield a shard's collection, None for a new shard; Chroma stays open meanwhile.

        New users wait while Chroma is about to close: overlapping searches would keep it open for ever.
        """
        with self._idle:
            self._idle.wait_for(lambda: not self._closing)
            self._users += 1
            collection = self._collections.get(shard)
        try:
            yield collection
        except self._fault as error:
            raise ShardDamaged(
                "shard_damaged", shard=shard, collection=collection, error=first_line(error)
            ) from error
        finally:
            with self._idle:
                self._users -= 1
                self._idle.notify_all()

    def _make_room(self, shard: str) -> None:
        """Free memory, if needed, before a shard is written to; waits for searches to end."""
        new = shard not in self._written
        if sum(self._written.values()) > self._resident and (
            new or self._idle_vectors() > self._resident / 4
        ):
            self._reopen()
            self._written.clear()
        if shard not in self._written:
            with self._collection(shard) as collection:
                self._written[shard] = collection.count() if collection else 0
        self._last[shard] = self._added

    def _idle_vectors(self) -> int:
        """Return the number of vectors in idle shards."""
        return sum(
            n for shard, n in self._written.items() if self._added - self._last[shard] > _IDLE_AFTER_VECTORS
        )

    def reset(self) -> None:
        """Delete all vectors. Raises LibraryDamaged if Chroma cannot start with an empty folder either."""
        self._reopen(partial(shutil.rmtree, self._folder, ignore_errors=True))
        self._written.clear()

    def _reopen(self, meanwhile: Callable[[], None] = release_freed) -> None:
        with self._idle:
            self._closing = True
            try:
                self._idle.wait_for(lambda: not self._users)
                self.close()
                meanwhile()
                self._open()
            finally:
                self._closing = False
                self._idle.notify_all()

    def shards(self) -> list[str]:
        """Return the shards that have vectors."""
        with self._idle:
            return sorted(self._collections)

    def upsert(self, shard: str, ids: Sequence[int], vectors: Vectors) -> None:
        """Write or replace vectors, shape (n, d). One thread at a time."""
        self._make_room(shard)
        if shard not in self._collections:
            with self._database():
                self._collections[shard] = self._client.get_or_create_collection(
                    collection_name(shard),
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine"}},
                )
        self._written[shard] += len(ids)
        self._added += len(ids)
        with self._collection(shard) as collection:
            for i in range(0, len(ids), _MAX_BATCH):
                names = [str(number) for number in ids[i : i + _MAX_BATCH]]
                collection.upsert(ids=names, embeddings=vectors[i : i + _MAX_BATCH])

    def flush(self, shard: str) -> None:
        """Have Chroma apply a shard's write-ahead log to its index."""
        with self._collection(shard) as collection:
            if collection:
                collection.count()

    def is_current(self, damaged: ShardDamaged) -> bool:
        """Tell whether a damaged shard has not been dropped since the error."""
        with self._idle:
            return self._collections.get(damaged.shard) is damaged.collection

    def drop(self, shard: str) -> None:
        """Delete a shard; writing to it creates it again."""
        with self._idle:
            collection = self._collections.pop(shard, None)
            self._written.pop(shard, None)
        if collection:
            with self._database():
                self._client.delete_collection(collection_name(shard))

    @contextmanager
    def _database(self) -> Iterator[None]:
        """Convert an error of Chroma's own database to LibraryDamaged."""
        try:
            yield
        except self._fault as error:
            raise LibraryDamaged("vectors_damaged", folder=self._folder, error=first_line(error)) from error

    def delete(self, shard: str, ids: Sequence[int]) -> None:
        """Delete vectors; unknown ids are ignored. One thread at a time."""
        self._make_room(shard)
        with self._collection(shard) as collection:
            for i in range(0, len(ids) if collection else 0, _MAX_BATCH):
                collection.delete(ids=[str(number) for number in ids[i : i + _MAX_BATCH]])

    def nearest(
        self, shard: str, vector: Vectors, k: int, among: Sequence[int] | None = None
    ) -> dict[int, Vectors]:
        """Return, by id, the k vectors nearest to a vector, shape (d,), among the ids `among` if given."""
        only = {} if among is None else {"ids": [str(number) for number in among]}
        with self._collection(shard) as collection:
            if not collection or among == []:
                return {}
            found = collection.query(
                query_embeddings=vector[None], n_results=k, include=["embeddings"], **only
            )
        return _by_id(found["ids"][0], found["embeddings"][0])

    def vectors(self, shard: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """Return, by id, the vectors of shape (d,) of those ids that exist."""
        with self._collection(shard) as collection:
            if not collection or not ids:
                return {}
            found = collection.get(ids=[str(number) for number in ids], include=["embeddings"])
        return _by_id(found["ids"], found["embeddings"])

    def ids(self, shard: str) -> Iterator[int]:
        """Yield the ids of a shard whose vectors can be read."""
        with self._collection(shard) as collection:
            for offset in range(0, collection.count() if collection else 0, _MAX_BATCH):
                names = collection.get(limit=_MAX_BATCH, offset=offset, include=[])["ids"]
                yield from (int(name) for name in _readable(collection, names))


def _by_id(names: Sequence[str], vectors: Any) -> dict[int, Vectors]:
    rows = np.asarray(vectors, np.float32)
    return {int(name): row for name, row in zip(names, rows, strict=True)}


def _readable(collection: Any, names: list[str]) -> list[str]:
    """Return the ids with a vector, by bisection: `get` fails as a whole if one vector is lost."""
    try:
        collection.get(ids=names, include=["embeddings"])
    except Exception:  # Chroma raises InternalError and others
        half = len(names) // 2
        return [] if not half else _readable(collection, names[:half]) + _readable(collection, names[half:])
    return names


def collection_name(shard: str) -> str:
    """Return the name of a shard's Chroma collection."""
    return _NAME_PREFIX + shard


def shard_of(collection: str) -> str:
    """Return the shard of a Chroma collection."""
    return collection.removeprefix(_NAME_PREFIX)
