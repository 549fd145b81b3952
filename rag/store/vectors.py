"""The vectors in Chroma: collections of one language each, so that each language can be searched by itself.

A collection is a shard: the ledger opens the next one where a language's last is full, so that adding a
passage costs the same in a library of any size. What was measured of Chroma 1.5.9 and decides this file:
one process only; upsert by deterministic ids and repeat what was not acknowledged; a full disk makes
`upsert` hang (the ledger looks at the space before); local Chroma has no keyword index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import LibraryDamaged

_MOST = 5000  # Chroma takes 5,461 records at once
_NAME = "passages-"
Vectors = NDArray[np.float32]


class VectorIndex:
    """Unit vectors under the passages' numbers."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        try:
            self._client: Any = chromadb.PersistentClient(
                path=str(folder), settings=Settings(anonymized_telemetry=False)
            )
            names = (c.name for c in self._client.list_collections())
            self._collections = {n.removeprefix(_NAME): self._client.get_collection(n) for n in names}
        except Exception as error:  # Chroma's Rust core raises many kinds
            raise LibraryDamaged(
                f"The vectors in {folder} cannot be opened ({error}). `python -m rag repair` rebuilds them."
            ) from error

    def close(self) -> None:
        """Let the folder go."""
        self._client.close()
        self._collections.clear()

    def shards(self) -> list[str]:
        """Shards that have vectors."""
        return sorted(self._collections)

    def upsert(self, shard: str, ids: Sequence[int], vectors: Vectors) -> None:
        """Write vectors, shape (n, d), in place of those that the ids had."""
        if shard not in self._collections:
            self._collections[shard] = self._client.get_or_create_collection(
                _NAME + shard, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        for i in range(0, len(ids), _MOST):
            names = [str(number) for number in ids[i : i + _MOST]]
            self._collections[shard].upsert(ids=names, embeddings=vectors[i : i + _MOST])

    def delete(self, shard: str, ids: Sequence[int]) -> None:
        """Let vectors go; ids that are not there do no harm."""
        collection: Any = self._collections.get(shard)
        for i in range(0, len(ids) if collection else 0, _MOST):
            collection.delete(ids=[str(number) for number in ids[i : i + _MOST]])

    def nearest(
        self, shard: str, vector: Vectors, k: int, among: Sequence[int] | None = None
    ) -> dict[int, Vectors]:
        """The k vectors of a shard nearest to a vector, all of shape (d,), by id; only `among`, if given."""
        collection: Any = self._collections.get(shard)
        count = min(k, collection.count() if among is None else len(among)) if collection else 0
        if not count:
            return {}
        only = {} if among is None else {"ids": [str(number) for number in among]}
        found = collection.query(
            query_embeddings=vector[None], n_results=count, include=["embeddings"], **only
        )
        return _by_id(found["ids"][0], found["embeddings"][0])

    def vectors(self, shard: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors, of shape (d,), of ids that are there."""
        collection: Any = self._collections.get(shard)
        if not collection or not ids:
            return {}
        found = collection.get(ids=[str(number) for number in ids], include=["embeddings"])
        return _by_id(found["ids"], found["embeddings"])

    def ids(self, shard: str) -> Iterator[int]:
        """All ids of a shard whose vectors can really be read back."""
        collection: Any = self._collections.get(shard)
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
