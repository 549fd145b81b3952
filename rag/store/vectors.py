"""The vectors in Chroma: one collection for each language, so that each can be searched by itself.

What was measured of Chroma 1.5.9 and decides this file: one process only; upsert by deterministic
ids and repeat what was not acknowledged; a full disk makes `upsert` hang (the ledger looks at the
space before); local Chroma has no keyword index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import LibraryDamaged

_MOST = 5000  # Chroma takes 5,461 records at once
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
            self._collections: dict[str, Any] = {
                c.name.removeprefix("passages-"): self._collection(c.name.removeprefix("passages-"))
                for c in self._client.list_collections()
            }
        except Exception as error:  # Chroma's Rust core raises many kinds
            raise LibraryDamaged(
                f"The vectors in {folder} cannot be opened ({error}). `python -m rag repair` rebuilds them."
            ) from error

    def close(self) -> None:
        """Let the folder go."""
        self._client.close()
        self._collections.clear()

    def _collection(self, language: str) -> Any:
        return self._client.get_or_create_collection(
            f"passages-{language}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )

    def languages(self) -> list[str]:
        """Languages that have vectors."""
        return sorted(self._collections)

    def upsert(self, language: str, ids: Sequence[int], vectors: Vectors) -> None:
        """Write vectors, shape (n, d), in place of those that the ids had."""
        if language not in self._collections:
            self._collections[language] = self._collection(language)
        for i in range(0, len(ids), _MOST):
            names = [str(number) for number in ids[i : i + _MOST]]
            self._collections[language].upsert(ids=names, embeddings=vectors[i : i + _MOST])

    def delete(self, language: str, ids: Sequence[int]) -> None:
        """Let vectors go; ids that are not there do no harm."""
        collection: Any = self._collections.get(language)
        for i in range(0, len(ids) if collection else 0, _MOST):
            collection.delete(ids=[str(number) for number in ids[i : i + _MOST]])

    def nearest(self, language: str, vector: Vectors, k: int) -> dict[int, Vectors]:
        """The vectors of the k passages of a language nearest to a vector, all of shape (d,), by id."""
        collection: Any = self._collections.get(language)
        count = min(k, collection.count()) if collection else 0
        if not count:
            return {}
        found = collection.query(query_embeddings=vector[None], n_results=count, include=["embeddings"])
        return _by_id(found["ids"][0], found["embeddings"][0])

    def vectors(self, language: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """The vectors, of shape (d,), of ids that are there."""
        collection: Any = self._collections.get(language)
        if not collection or not ids:
            return {}
        found = collection.get(ids=[str(number) for number in ids], include=["embeddings"])
        return _by_id(found["ids"], found["embeddings"])

    def ids(self, language: str) -> Iterator[int]:
        """All ids of a language whose vectors can really be read back."""
        collection: Any = self._collections.get(language)
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
