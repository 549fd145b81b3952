"""The vectors in Chroma, in shards: collections of one language and limited size.

The ledger opens a new shard when a language's last is full, so that adding a passage costs the same in a
library of any size. Properties of Chroma 1.5.9 that shape this module, all measured: only one process may
open a folder; an unacknowledged `upsert` must be repeated under the same ids; on a full disk `upsert` hangs
(the database checks the free space first); a local Chroma has no keyword index. On a server other clients may
delete a collection and create it anew, which the old handle does not notice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.errors import ServerAway, ShardDamaged
from rag.memory import release_freed
from rag.store.chroma_folder import Chroma, not_found

_NAME_PREFIX = "passages-"
_IDLE_AFTER_VECTORS = 5_000
"""Number of vectors added elsewhere after which a shard counts as idle. Not fitted."""
Vectors = NDArray[np.float32]
T = TypeVar("T")


class VectorIndex:
    """Unit vectors, stored under the passages' numbers. Thread safe.

    Any call may raise ShardDamaged, and ServerAway where Chroma is a server.

    Chroma keeps the index of every used shard in memory until it is closed; its own cache limit frees
    nothing (measured). So Chroma is reopened once the shards written to hold more than `chroma.resident`
    vectors, when another shard is written to or idle shards hold a quarter of that.
    """

    def __init__(self, chroma: Chroma) -> None:
        self._chroma = chroma
        self._idle, self._users, self._closing = threading.Condition(), 0, False
        self._written: dict[str, int] = {}  # vectors by shard written to since opening
        self._added, self._last = 0, dict[str, int]()  # vectors added so far, and at a shard's last write
        self._collections: dict[str, Any] = {}
        self._client: Any = chroma.open()

    def close(self) -> None:
        """Close Chroma."""
        self._client.close()
        self._collections.clear()

    @contextmanager
    def _converted(self, shard: str = "") -> Iterator[None]:
        """Convert Chroma's errors to Byline's; without a shard those of its database."""
        try:
            yield
        except Exception as error:
            mine = self._chroma.error(error, shard, self._collections.get(shard))
            if mine is None:
                raise
            raise mine from error

    def _use(self, shard: str, work: Callable[[Any], T], otherwise: T) -> T:
        """Apply `work` to a shard's collection; return `otherwise` for a new shard. Chroma stays open.

        New users wait while Chroma is about to close: overlapping searches would keep it open for ever.
        """
        with self._idle:
            self._idle.wait_for(lambda: not self._closing)
            self._users += 1
        try:
            with self._converted(shard):
                return self._retried(shard, work, otherwise)
        finally:
            with self._idle:
                self._users -= 1
                self._idle.notify_all()

    def _retried(self, shard: str, work: Callable[[Any], T], otherwise: T) -> T:
        """Apply `work` to the collection, fetched again if another client has deleted it."""
        for _ in range(2):
            if (collection := self._collection(shard)) is None:
                return otherwise
            try:
                return work(collection)
            except not_found():
                self._collections.pop(shard, None)
        return otherwise

    def _collection(self, shard: str) -> Any:
        """Return a shard's collection, None if there is none."""
        if (known := self._collections.get(shard)) is not None:
            return known
        try:
            found = self._client.get_collection(collection_name(shard), embedding_function=None)
        except not_found():
            return None
        return self._collections.setdefault(shard, found)

    def _make_room(self, shard: str) -> None:
        """Free memory, if needed, before a shard is written to; waits for searches to end."""
        if (resident := self._chroma.resident) is None:
            return
        new = shard not in self._written
        if sum(self._written.values()) > resident and (new or self._idle_vectors() > resident / 4):
            self._reopen()
            self._written.clear()
        if shard not in self._written:
            self._written[shard] = self._use(shard, lambda collection: int(collection.count()), 0)
        self._last[shard] = self._added

    def _idle_vectors(self) -> int:
        """Return the number of vectors in idle shards."""
        return sum(
            n for shard, n in self._written.items() if self._added - self._last[shard] > _IDLE_AFTER_VECTORS
        )

    def reset(self, erase: Callable[[], None]) -> None:
        """Close Chroma, call `erase`, and open it again. Raises LibraryDamaged if it cannot start empty."""
        self._reopen(erase)
        self._written.clear()

    def _reopen(self, meanwhile: Callable[[], None] = release_freed) -> None:
        with self._idle:
            self._closing = True
            try:
                self._idle.wait_for(lambda: not self._users)
                self.close()
                meanwhile()
                self._client = self._chroma.open()
            finally:
                self._closing = False
                self._idle.notify_all()

    def shards(self) -> list[str]:
        """Return the shards that have vectors."""
        with self._converted():
            return sorted(shard_of(one.name) for one in self._client.list_collections())

    def upsert(self, shard: str, ids: Sequence[int], vectors: Vectors) -> None:
        """Write or replace vectors, shape (n, d). One thread at a time."""
        self._make_room(shard)
        if self._chroma.resident is not None:
            self._written[shard] += len(ids)
        self._added += len(ids)
        size = self._chroma.batch
        for i in range(0, len(ids), size):
            names = [str(number) for number in ids[i : i + size]]
            write = partial(_upsert, ids=names, embeddings=vectors[i : i + size])
            if not self._use(shard, write, False):
                self._create(shard)
                self._use(shard, write, False)

    def _create(self, shard: str) -> None:
        with self._converted():
            self._collections[shard] = self._client.get_or_create_collection(
                collection_name(shard), embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )

    def count(self, shard: str) -> int:
        """Return the number of a shard's vectors; Chroma applies its write-ahead log to its index first."""
        return self._use(shard, lambda collection: int(collection.count()), 0)

    def identity(self, shard: str) -> str:
        """Return the id of a shard's collection, equal under every address of a server; "" for none."""
        return self._use(shard, lambda collection: str(collection.id), "")

    def is_current(self, damaged: ShardDamaged) -> bool:
        """Tell whether a damaged shard has not been dropped since the error."""
        return self._collections.get(damaged.shard) is damaged.collection

    def drop(self, shard: str) -> None:
        """Delete a shard; writing to it creates it again."""
        with self._idle:
            self._collections.pop(shard, None)
            self._written.pop(shard, None)
        with self._converted(), suppress(not_found()):
            self._client.delete_collection(collection_name(shard))

    def delete(self, shard: str, ids: Sequence[int]) -> None:
        """Delete vectors; unknown ids are ignored. One thread at a time."""
        self._make_room(shard)
        size = self._chroma.batch
        for i in range(0, len(ids), size):
            names = [str(number) for number in ids[i : i + size]]
            self._use(shard, partial(_delete, ids=names), None)

    def nearest(
        self, shard: str, vector: Vectors, k: int, among: Sequence[int] | None = None
    ) -> dict[int, Vectors]:
        """Return, by id, the k vectors nearest to a vector, shape (d,), among the ids `among` if given."""
        if among == []:
            return {}
        only = {} if among is None else {"ids": [str(number) for number in among]}

        def search(collection: Any) -> dict[int, Vectors]:
            found = collection.query(
                query_embeddings=vector[None], n_results=k, include=["embeddings"], **only
            )
            return _by_id(found["ids"][0], found["embeddings"][0])

        return self._use(shard, search, {})

    def vectors(self, shard: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """Return, by id, the vectors of shape (d,) of those ids that exist."""
        if not ids:
            return {}

        def read(collection: Any) -> dict[int, Vectors]:
            found = collection.get(ids=[str(number) for number in ids], include=["embeddings"])
            return _by_id(found["ids"], found["embeddings"])

        return self._use(shard, read, {})

    def ids(self, shard: str) -> Iterator[int]:
        """Yield the ids of a shard whose vectors can be read."""
        size = self._chroma.batch
        for offset in range(0, self.count(shard), size):
            names: list[str] = self._use(shard, partial(_names, limit=size, offset=offset), [])
            yield from (int(name) for name in self._readable(shard, names))

    def _readable(self, shard: str, names: list[str]) -> list[str]:
        """Return the ids with a vector, by bisection: `get` fails as a whole if one vector is lost."""
        try:
            self._use(shard, lambda collection: collection.get(ids=names, include=["embeddings"]), None)
        except ServerAway:
            raise
        except Exception:  # Chroma raises InternalError and others
            half = len(names) // 2
            parts = (names[:half], names[half:])
            return [] if not half else [name for part in parts for name in self._readable(shard, part)]
        return names


def _upsert(collection: Any, **batch: Any) -> bool:
    collection.upsert(**batch)
    return True


def _delete(collection: Any, ids: list[str]) -> None:
    collection.delete(ids=ids)


def _names(collection: Any, limit: int, offset: int) -> list[str]:
    return list(collection.get(limit=limit, offset=offset, include=[])["ids"])


def _by_id(names: Sequence[str], vectors: Any) -> dict[int, Vectors]:
    rows = np.asarray(vectors, np.float32)
    return {int(name): row for name, row in zip(names, rows, strict=True)}


def collection_name(shard: str) -> str:
    """Return the name of a shard's Chroma collection."""
    return _NAME_PREFIX + shard


def shard_of(collection: str) -> str:
    """Return the shard of a Chroma collection."""
    return collection.removeprefix(_NAME_PREFIX)
