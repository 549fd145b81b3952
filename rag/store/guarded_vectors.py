"""The shards of one place: whatever happens to their vectors, searches find words and nothing is lost.

Vectors can be computed again from the ledger's texts. Those of a damaged shard are: it is dropped, and its
articles are pending. A place is the data folder (FolderVectors) or a Chroma server (ServerVectors).
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress

from rag.errors import BylineError, LibraryDamaged, ShardDamaged
from rag.locales.message import Message
from rag.store.ledger import Ledger
from rag.store.shards import Shards
from rag.store.vectors import VectorIndex, Vectors

_log = logging.getLogger(__name__)


class GuardedVectors(ABC):
    """The vector index of a place, opened on first use. `place` is a server's address; "" is the folder.

    `away` says why a server cannot be used; None while it can.
    """

    away: Message | None = None

    def __init__(self, ledger: Ledger, shards: Shards, place: str = "") -> None:
        self._ledger, self._shards, self.place = ledger, shards, place
        self._index: VectorIndex | None = None
        self._opening = threading.RLock()
        self._dropping, self._dropped = threading.Lock(), set[str]()
        # Shards that a killed process was writing to; shards that this process has written to.
        noted, places = shards.writing(place), shards.servers()
        self._suspect = {shard for shard in noted if places.get(shard, place) == place}
        self._written = set[str]()

    @property
    @abstractmethod
    def index(self) -> VectorIndex:
        """Chroma's index, opened, with the suspect shards examined. Raises LibraryDamaged or ServerAway."""

    @abstractmethod
    def erase(self) -> None:
        """Close the index and delete all that it takes at its place, which holds no shard any more."""

    @abstractmethod
    def _reset(self, damaged: LibraryDamaged) -> None:
        """Delete all vectors after damage to Chroma's own database, or raise the error."""

    def close(self) -> None:
        """Flush and close Chroma."""
        self.flush()
        index, self._index = self._index, None
        if index is not None:
            index.close()

    def retry(self) -> None:
        """Examine the shards that a killed process was writing to."""
        if self._suspect:
            _ = self.index

    def nearest(self, shard: str, vector: Vectors, k: int, among: Sequence[int] | None) -> dict[int, Vectors]:
        """See VectorIndex.nearest; returns {} for a shard that cannot be read."""
        return self._read(shard, lambda: self.index.nearest(shard, vector, k, among))

    def vectors(self, shard: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """See VectorIndex.vectors; returns {} for a shard that cannot be read."""
        return self._read(shard, lambda: self.index.vectors(shard, ids))

    def upsert(self, shard: str, ids: Sequence[int], vectors: Vectors) -> bool:
        """Write vectors; return False if the shard was found damaged and has been emptied."""
        return self._write(shard, lambda: self.index.upsert(shard, ids, vectors))

    def delete(self, shard: str, ids: Sequence[int]) -> None:
        """Delete vectors."""
        self._write(shard, lambda: self.index.delete(shard, ids))

    def drop(self, shard: str) -> None:
        """Delete all vectors of a shard."""
        self.index.drop(shard)

    def flush(self) -> None:
        """Flush Chroma's write-ahead log, so that a later kill cannot corrupt the index."""
        written, self._written = self._written, set()
        with suppress(BylineError):  # the shards stay recorded and are examined when next opened
            for shard in written:
                self.index.count(shard)
            if written:
                self._settled()

    def missing(self) -> dict[str, tuple[set[int], set[int]]]:
        """Return, by shard, the passages without a vector and the vectors without a passage.

        Shards without faults are left out. Reads every vector. A damaged index can crash the process, so
        call it in a child process.
        """
        places, faults = self._shards.servers(), {}
        wanted = self._ledger.passage_ids()
        for shard in {*wanted, *self.index.shards()}:
            if places.get(shard, self.place) == self.place:  # else it is left over from a move
                stored, due = self.stored_ids(shard), set(wanted.get(shard, ()))
                if stored != due:
                    faults[shard] = (due - stored, stored - due)
        return faults

    def stored_ids(self, shard: str) -> set[int]:
        """Return the ids of a shard's vectors that can be read."""
        try:
            return set(self.index.ids(shard))
        except ShardDamaged:
            return set()

    def _read(self, shard: str, read: Callable[[], dict[int, Vectors]]) -> dict[int, Vectors]:  # noqa: ARG002
        try:
            return read()
        except LibraryDamaged as damaged:
            self._drop_damaged(damaged)
            return {}

    def _write(self, shard: str, write: Callable[[], None]) -> bool:
        try:
            self._mark_written(shard)
            write()
        except LibraryDamaged as damaged:
            self._drop_damaged(damaged)
            return False
        return True

    def _drop_damaged(self, damaged: LibraryDamaged) -> None:
        """Drop a damaged shard, or all, and mark its articles as pending.

        Raises `damaged` if the same shard was dropped before: recomputing it did not help.
        """
        shard = damaged.shard if isinstance(damaged, ShardDamaged) else ""
        with self._dropping:
            if isinstance(damaged, ShardDamaged) and not self.index.is_current(damaged):
                return  # another thread has dropped it
            if shard in self._dropped:
                raise damaged
            _log.warning("%s", damaged)
            self._dropped.add(shard)
            try:
                if not shard:
                    raise damaged
                self._lose(shard)
                self.index.drop(shard)
            except LibraryDamaged as error:  # Chroma's own database
                self._reset(error)

    def _lose(self, *shards: str) -> None:
        for shard in shards:
            self._ledger.set_pending_in(shard)
        self._ledger.set_meta(lost=" ".join(shards) or "*")

    def _mark_written(self, shard: str) -> None:
        """Record that a shard is being written: if the process is killed, Chroma may leave it damaged."""
        if shard not in self._written:
            self._written.add(shard)
            self._record_writing()

    def _settled(self) -> None:
        """Record that no shard is in doubt but those that are being written."""
        self._record_writing()

    def _record_writing(self) -> None:
        self._shards.record_writing(self.place, self._suspect | self._written)
