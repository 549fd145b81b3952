"""All vectors of a library: each shard's at the place that the ledger names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import or_
from pathlib import Path
from uuid import uuid4

from rag.locales.message import Message
from rag.store.chroma_servers import ChromaServers
from rag.store.folder_vectors import FolderVectors
from rag.store.guarded_vectors import GuardedVectors
from rag.store.ledger import Ledger
from rag.store.shards import Shards
from rag.store.vectors import Vectors

_DATABASE = "chroma"
"""Property of the ledger: the name of this library's database on its servers."""
_MAX_SEARCHES = 8
"""Maximum number of shards that one search asks servers for at a time. Not fitted."""


class PlacedVectors:
    """Passes every call on to the shard's place; without servers that is always the data folder."""

    def __init__(
        self, folder: Path, ledger: Ledger, shards: Shards, servers: ChromaServers, *, read_only: bool = False
    ) -> None:
        self._ledger, self._shards, self._servers, self._read_only = ledger, shards, servers, read_only
        self.folder = FolderVectors(folder, ledger, shards)
        self._places: dict[str, GuardedVectors] = {"": self.folder}
        self._remote = bool(servers.addresses) or any(shards.servers().values())
        if servers.addresses:
            self._place_unwritten()

    def _place_unwritten(self) -> None:
        """Let shards that were never written, as on a mistyped address, lie on one of the servers."""
        for shard, place in self._shards.servers().items():
            if place and place not in self._servers.addresses and not self._shards.expect_vectors(place):
                self._shards.place(shard, self._servers.addresses[0])

    def at(self, place: str) -> GuardedVectors:
        """Return the vectors of a place."""
        if place not in self._places:
            from rag.store.chroma_server import ChromaServer
            from rag.store.server_vectors import ServerVectors

            only = {"read_only": self._read_only}
            server = ChromaServer(place, self._servers.token, database_name(self._ledger), **only)
            made = ServerVectors(server, self._ledger, self._shards, **only)
            return self._places.setdefault(place, made)
        return self._places[place]

    def _of(self, shard: str) -> GuardedVectors:
        return self.at(self._shards.servers().get(shard, "")) if self._remote else self.folder

    def _all(self) -> list[GuardedVectors]:
        used = self._shards.servers().values() if self._remote else [""]
        return [self.at(place) for place in dict.fromkeys(used)]

    def away(self) -> Message | None:
        """Say which servers cannot be used, and why; None if all can, as far as is known."""
        why = [place.away for place in self._all() if place.away]
        return reduce(lambda one, other: Message.of("both", one=one, other=other), why) if why else None

    def out_of_reach(self) -> list[str]:
        """Return the shards on servers that are away."""
        gone = {place.place for place in self._all() if place.away}
        return [shard for shard, place in self._shards.servers().items() if place in gone] if gone else []

    def leave(self, place: str) -> None:
        """Free what a place takes that holds no shard any more."""
        self.at(place).erase()

    def nearest(
        self, among: Mapping[str, Sequence[int] | None], vector: Vectors, k: int
    ) -> dict[int, Vectors]:
        """Return the k nearest vectors of each shard in one dict; those on servers are asked side by side."""
        places = {shard: self._of(shard) for shard in among}

        def search(shard: str) -> dict[int, Vectors]:
            return places[shard].nearest(shard, vector, k, among[shard])

        if len(among) < 2 or not any(place.place for place in places.values()):
            return reduce(or_, map(search, among), {})
        with ThreadPoolExecutor(min(len(among), _MAX_SEARCHES)) as pool:
            return reduce(or_, pool.map(search, among), {})

    def vectors(self, shard: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """See GuardedVectors."""
        return self._of(shard).vectors(shard, ids)

    def upsert(self, shard: str, ids: Sequence[int], vectors: Vectors) -> bool:
        """See GuardedVectors. Raises ServerAway."""
        return self._of(shard).upsert(shard, ids, vectors)

    def delete(self, shard: str, ids: Sequence[int]) -> None:
        """See GuardedVectors. Raises ServerAway."""
        self._of(shard).delete(shard, ids)

    def settle(self) -> None:
        """Examine the shards that a killed process or server was writing to; ask servers that were away."""
        for place in self._all():
            place.retry()

    def flush(self) -> None:
        """See GuardedVectors."""
        for place in self._places.values():
            place.flush()

    def close(self) -> None:
        """See GuardedVectors."""
        for place in self._places.values():
            place.close()

    def missing(self) -> dict[str, tuple[set[int], set[int]]]:
        """See GuardedVectors; shards on servers that are away are left out."""
        return {shard: fault for place in self._all() for shard, fault in place.missing().items()}


def database_name(ledger: Ledger) -> str:
    """Return the name of the library's database on its servers, made at the first call."""
    if not (known := ledger.meta(_DATABASE)):
        ledger.set_meta(**{_DATABASE: f"byline-{uuid4().hex}-0"})
    return known or database_name(ledger)


def abandon_database(ledger: Ledger) -> None:
    """Have the vectors begin anew in another database; connecting to a server deletes the present one."""
    if known := ledger.meta(_DATABASE):
        library, _, number = known.rpartition("-")
        ledger.set_meta(**{_DATABASE: f"{library}-{int(number) + 1}"})
