"""Chroma in this process, on a folder; and the protocol that it shares with a Chroma server."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from rag.errors import BylineError, LibraryDamaged, ShardDamaged, first_line

MAX_RESIDENT_VECTORS = 200_000
"""Maximum vectors, of about 2 KB, in memory for writing; see docs/benchmarks.md (bench/scaling.py)."""


class Chroma(Protocol):
    """Where collections lie, and how they are reached."""

    @property
    def batch(self) -> int:
        """Maximum number of vectors in one call."""

    @property
    def resident(self) -> int | None:
        """Maximum number of vectors to write before Chroma is reopened to free memory; None: no limit."""

    def open(self) -> Any:
        """Return a client of chromadb. Raises LibraryDamaged or ServerAway."""

    def error(self, error: Exception, shard: str, collection: object) -> BylineError | None:
        """Return Byline's error for one that a call has raised; None for an error of another kind.

        `shard` is "" for a call that concerns the database.
        """


def not_found() -> type[Exception]:
    """Return the exception that Chroma raises for a collection that does not exist, or no longer."""
    from chromadb.errors import NotFoundError

    return NotFoundError


class ChromaFolder:
    """Chroma in this process, on a folder."""

    batch = 5000
    """Chroma accepts 5,461."""

    def __init__(self, folder: Path, resident: int = MAX_RESIDENT_VECTORS) -> None:
        self._folder, self.resident = folder, resident

    def open(self) -> Any:
        """See Chroma."""
        import chromadb
        from chromadb.config import Settings

        with suppress(OSError):  # Chroma will tell of it
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            client = chromadb.PersistentClient(
                path=str(self._folder), settings=Settings(anonymized_telemetry=False)
            )
            for one in client.list_collections():
                client.get_collection(one.name, embedding_function=None)
            return client
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # Chroma's Rust core raises many kinds; its panics are no Exception
            raise LibraryDamaged("vectors_damaged", folder=self._folder, error=error) from error

    def error(self, error: Exception, shard: str, collection: object) -> BylineError | None:
        """See Chroma; an InvalidArgumentError tells of a damaged log of writes."""
        from chromadb.errors import InternalError, InvalidArgumentError

        if not isinstance(error, InternalError | InvalidArgumentError):
            return None
        if not shard:
            return LibraryDamaged("vectors_damaged", folder=self._folder, error=first_line(error))
        return ShardDamaged("shard_damaged", shard=shard, collection=collection, error=first_line(error))
