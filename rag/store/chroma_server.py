"""A Chroma server, as a place of vectors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpx

from rag.errors import BylineError, ServerAway, ShardDamaged, first_line
from rag.store.chroma_connection import ChromaConnection

_TIMEOUT = httpx.Timeout(60.0, connect=2.0)
"""Seconds for a request of 500 vectors, which takes 1 s on two busy cores. Not fitted."""
_SEARCH_TIMEOUT = httpx.Timeout(5.0, connect=2.0)
"""Seconds for a search of one shard, which takes 10 ms: a person waits for it. Not fitted."""
_TROUBLE = ("disk", "no space", "readonly", "read-only", "unable to open", "locked", "too many open files")
"""Words in a server's errors that tell of its machine, not of a shard."""
_of_search = ContextVar("of_search", default=False)


@contextmanager
def search_timeout() -> Iterator[None]:
    """Give up this thread's requests early: a search goes on without a server that hangs."""
    token = _of_search.set(True)
    try:
        yield
    finally:
        _of_search.reset(token)


def _shorten(request: httpx.Request) -> None:
    if _of_search.get():
        request.extensions["timeout"] = _SEARCH_TIMEOUT.as_dict()


class ChromaServer:
    """A Chroma server, and on it the collections of one library: those in a database of its own."""

    batch, resident = 500, None

    def __init__(self, address: str, token: str, database: str, *, read_only: bool = False) -> None:
        self.address, self.database, self._read_only = address, database, read_only
        self.connection = ChromaConnection(address, token)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    @staticmethod
    def load() -> None:
        """Import Chroma's client, which takes seconds on a busy machine."""
        import chromadb  # noqa: F401

    def open(self) -> Any:
        """See Chroma; creates the database, and deletes this library's earlier ones."""
        import chromadb
        from chromadb.config import Settings

        self.connection.check()
        if not self._read_only:
            self.connection.make_database(self.database)
        try:
            client: Any = chromadb.HttpClient(
                host=self.address,
                database=self.database,
                headers=dict(self._headers),
                settings=Settings(anonymized_telemetry=False),
            )
        except Exception as error:
            raise self._away(error) from error
        client._server._session.timeout = _TIMEOUT  # chromadb sets none
        client._server._session.event_hooks = {"request": [_shorten]}
        return client

    def error(self, error: Exception, shard: str, collection: object) -> BylineError | None:
        """See Chroma. Only what the server itself says of a shard counts as damage."""
        from chromadb.errors import ChromaError, InternalError, InvalidArgumentError

        said = first_line(error)
        own = isinstance(error, InternalError | InvalidArgumentError)
        if own and shard and not any(word in said.lower() for word in _TROUBLE):
            return ShardDamaged("shard_damaged", shard=shard, collection=collection, error=said)
        answered = type(error) is Exception  # chromadb's for a status that is not Chroma's own
        if answered or isinstance(error, ChromaError | httpx.HTTPError | RuntimeError | ValueError):
            return self._away(error)
        return None

    def _away(self, error: Exception) -> ServerAway:
        """Return the error; where a proxy or another program has answered, what a look at the server says."""
        if type(error) in (Exception, ValueError):
            try:
                self.connection.check()
            except ServerAway as away:
                return away
        return self.connection.away(error)
