"""A cache of vectors beside Chroma, from which a damaged or lost shard is restored without embedding.

It takes about 1.6 KB a passage. A vector is looked up by the passage's number and a digest of the model and
the embedded text, so a vector of another text or model is never returned. A damaged file is replaced.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np

from rag.embedding.base import Embedder
from rag.store.private_files import create_private
from rag.store.sqlite_errors import kind_of
from rag.store.vectors import Vectors

_DIGEST_BYTES = 16
"""128 bits: collisions among digests of one passage number are negligible."""
_MAX_VARIABLES = 900
"""Placeholders of one statement; old builds of SQLite allow 999."""
_SCHEMA = """
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS vectors (
        id INTEGER PRIMARY KEY, digest BLOB NOT NULL, vector BLOB NOT NULL
    ) STRICT;
"""
_log = logging.getLogger(__name__)
T = TypeVar("T")


class KeptVectors:
    """The file of vectors, opened on first use. Thread safe; raises nothing."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._model = f"{embedder.name}\0{embedder.dimension}\0{embedder.fingerprint}"
        self._lock = threading.Lock()

    def get(self, texts: Mapping[int, str]) -> dict[int, Vectors]:
        """Return the cached vectors, shape (d,), by passage number; `texts` are the embedded texts."""

        def read(db: sqlite3.Connection) -> dict[int, Vectors]:
            found: dict[int, Vectors] = {}
            numbers = list(texts)
            for i in range(0, len(numbers), _MAX_VARIABLES):
                part = numbers[i : i + _MAX_VARIABLES]
                sql = f"SELECT id, digest, vector FROM vectors WHERE id IN ({','.join('?' * len(part))})"
                for number, digest, vector in db.execute(sql, part):
                    if digest == self._digest(texts[number]):
                        found[number] = np.frombuffer(vector, np.float32)
            return found

        return self._use(read, {})

    def keep(self, texts: Mapping[int, str], vectors: Mapping[int, Vectors]) -> None:
        """Store the vectors of passages; `texts` are the embedded texts."""
        rows = [(n, self._digest(texts[n]), v.astype(np.float32).tobytes()) for n, v in vectors.items()]
        self._use(lambda db: db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows), None)

    def delete(self, numbers: Iterable[int]) -> None:
        """Delete the vectors of passages."""
        rows = [(number,) for number in numbers]
        self._use(lambda db: db.executemany("DELETE FROM vectors WHERE id = ?", rows), None)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db:
                self._db.close()
            self._db = None

    def _use(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Run `work` in a transaction; on an error delete the file and return `otherwise`."""
        with self._lock:
            try:
                self._db = self._db or self._opened()
                with self._db:
                    return work(self._db)
            except (sqlite3.Error, UnicodeDecodeError) as error:
                if isinstance(error, sqlite3.Error) and kind_of(error) == "locked":  # by another copy
                    return otherwise
                _log.warning("%s is begun anew: %s", self._path, error)
                if self._db:
                    self._db.close()
                self._db = None
                delete_database(self._path)
                return otherwise

    def _opened(self) -> sqlite3.Connection:
        create_private(self._path)
        db = sqlite3.connect(self._path, check_same_thread=False)
        try:
            db.executescript(_SCHEMA)
        except (sqlite3.Error, UnicodeDecodeError):
            db.close()
            raise
        return db

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self._model}\0{text}".encode(), digest_size=_DIGEST_BYTES).digest()


def delete_database(path: Path) -> None:
    """Delete an SQLite file and its companions; log what cannot be deleted."""
    for companion in ("", "-wal", "-shm"):
        try:
            path.with_name(path.name + companion).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("%s", error)
