"""The shards on one Chroma server: it may be away, and come back with a shard damaged.

While a server is away its shards are not searched and its articles stay pending; nothing there counts as
lost. A server that is killed while it writes may leave an index that cannot be read, or that ends the server
once it is read. So the shards that were written to are examined when it is back.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from itertools import islice
from threading import Thread
from typing import TypeVar

from rag.errors import BylineError, LibraryDamaged, ServerAway, ShardDamaged
from rag.store.chroma_server import ChromaServer, search_timeout
from rag.store.guarded_vectors import GuardedVectors
from rag.store.ledger import Ledger
from rag.store.shards import Shards
from rag.store.vectors import VectorIndex, Vectors

RETRY_S = 10.0
"""Seconds after which a server that was away is asked again. Not fitted."""
_PATIENCE_S = 10.0
"""Seconds for which a search waits while another thread connects and examines. Not fitted."""
_MAX_BREAKS = 2
"""How often a server may end while it reads a shard before the shard counts as damaged. Not fitted."""
_CRASHED, _MUTE = "chroma_broke", "chroma_mute"
"""How a server fails whose damaged index makes it crash or hang; or whose machine does."""
_REWRITTEN_VECTORS = 100
"""Number of vectors rewritten unchanged: a readable index can fail on the next write. Not fitted."""
_log = logging.getLogger(__name__)
T = TypeVar("T")


class ServerVectors(GuardedVectors):
    """The vectors of a library on one server. `away` says why it cannot be used; None while it can."""

    def __init__(self, server: ChromaServer, ledger: Ledger, shards: Shards, *, read_only: bool) -> None:
        super().__init__(ledger, shards, server.address)
        self._server, self._read_only = server, read_only
        self._retry_at, self._pulse = 0.0, ""
        self._former: VectorIndex | None = None
        self._opener: Future[VectorIndex] | None = None
        self._breaks = Counter[str]()  # how often the server has ended while it read a shard
        self._mute = Counter[str]()  # how often it has not answered a search of a shard in time

    @property
    def index(self) -> VectorIndex:
        """Chroma's index. Raises ServerAway, at once if the server was away within RETRY_S."""
        with self._opening:
            if self._index is None:
                if self.away and time.monotonic() < self._retry_at:
                    raise ServerAway(self.away)
                try:
                    index = VectorIndex(self._server)
                    self._settle(index)
                except ServerAway as away:
                    self._lose_sight(away)
                    raise
                self._index, self.away = index, None
            return self._index

    def retry(self) -> None:
        """Ask the server again if it was away, and examine shards in doubt; `away` then tells of it."""
        if self.away or self._suspect:
            self._retry_at = 0.0
            with suppress(ServerAway):
                self._settle_again()

    def close(self) -> None:
        """Flush and close the connection."""
        super().close()
        self._close_former()
        self._server.connection.close()

    def erase(self) -> None:
        """See GuardedVectors; a server that is away keeps its part."""
        with suppress(ServerAway):
            self._server.connection.delete_database(self._server.database)

    def flush(self) -> None:
        """Let the server write its indexes; examine them if it was started again meanwhile."""
        if not self._written:
            return
        try:
            self._suspect |= {shard for shard in self._written if not self._is_flushed(shard)}
            if self._server.connection.pulse() != self._pulse:
                self._suspect |= self._written
            self._written.clear()
            self._settle_again()
            self._record_writing()
        except ServerAway as away:
            self._lose_sight(away)
        except BylineError as error:  # the shards stay recorded and are examined when next opened
            _log.warning("%s", error)

    def _is_flushed(self, shard: str) -> bool:
        """Flush a shard; return False if it was found damaged. Raises ServerAway."""
        try:
            self.index.count(shard)
        except ShardDamaged:
            return False
        return True

    def missing(self) -> dict[str, tuple[set[int], set[int]]]:
        """See GuardedVectors; {} for a server that is away."""
        try:
            return super().missing()
        except ServerAway as away:
            self._lose_sight(away)
            return {}

    def _read(self, shard: str, read: Callable[[], dict[int, Vectors]]) -> dict[int, Vectors]:
        if not self._is_open() or not self._opening.acquire(timeout=_PATIENCE_S):
            return {}
        self._opening.release()
        try:
            with search_timeout():
                found = super()._read(shard, read)
            self._forget_breaks(shard)
            return found
        except ServerAway as away:
            self._lose_sight(away, shard)
            return {}

    def _is_open(self) -> bool:
        """Open the index for a search, in a thread that goes on where this takes longer than _PATIENCE_S."""
        if self._index is None and (not self.away or time.monotonic() >= self._retry_at):
            self._server.load()
            if self._opener is None or self._opener.done():
                self._opener = in_thread(lambda: self.index)
            with suppress(ServerAway, TimeoutError):
                self._opener.result(_PATIENCE_S)
        return self._index is not None

    def _write(self, shard: str, write: Callable[[], None]) -> bool:
        _ = self.index  # a shard is not in doubt because of a server that is away
        try:
            return super()._write(shard, write)
        except ServerAway as away:
            self._lose_sight(away)
            raise

    def _drop_damaged(self, damaged: LibraryDamaged) -> None:
        if not self._read_only:
            super()._drop_damaged(damaged)

    def _mark_written(self, shard: str) -> None:
        if not self._written:
            self._pulse = self._server.connection.pulse()
        super()._mark_written(shard)

    def _settle_again(self) -> None:
        """Examine the shards in doubt. Raises ServerAway."""
        with self._opening:
            try:
                self._settle(self.index)
            except ServerAway as away:
                self._lose_sight(away)
                raise

    def _lose_sight(self, away: ServerAway, shard: str = "") -> None:
        """Note that the server is away; `shard` was being read when it ended."""
        if not self._opening.acquire(timeout=_PATIENCE_S):
            return  # the thread that examines will notice
        try:
            if self.away is None:
                _log.info("%s", away)  # readers are told by `away`
            self.away, self._retry_at = away.message, time.monotonic() + RETRY_S
            self._suspect |= self._written
            self._written.clear()
            self._close_former()
            self._former, self._index = self._index, None  # other threads may be using it still
            if self._former and shard:
                self._count_break(shard, away.message.code)
        finally:
            self._opening.release()

    def _count_break(self, shard: str, code: str) -> None:
        """Count a failure while a shard was read; one that failed often is examined, which takes longer."""
        counted = {_CRASHED: self._breaks, _MUTE: self._mute}.get(code)
        if counted is not None:
            counted[shard] += 1
            self._suspect |= {shard} if counted[shard] >= _MAX_BREAKS else set()

    def _forget_breaks(self, shard: str) -> None:
        self._breaks.pop(shard, None)
        self._mute.pop(shard, None)

    def _close_former(self) -> None:
        former, self._former = self._former, None
        if former:
            former.close()

    def _settle(self, index: VectorIndex) -> None:
        """Examine the shards in doubt. Raises ServerAway."""
        if self._read_only or not self._suspect:
            return
        wanted = self._shards.embedded_ids()  # before the vectors, which others may be writing
        for shard in sorted(self._suspect):
            with self._shards.lock(shard, wait=False) as mine:
                if mine:  # else it is examined later: another process is writing it
                    self._settle_shard(index, shard, set(wanted.get(shard, ())))
        self._record_writing()

    def _settle_shard(self, index: VectorIndex, shard: str, wanted: set[int]) -> None:
        stored = self._examined(index, shard)
        if stored is None:
            _log.warning("The vectors %s on %s are damaged; recomputing them.", shard, self.place)
            self._lose(shard)
            index.drop(shard)
        elif lost := wanted - stored:
            self._ledger.set_pending({p.article.id for p in self._ledger.passages(lost).values()})
        self._suspect.discard(shard)
        self._forget_breaks(shard)

    def _examined(self, index: VectorIndex, shard: str) -> set[int] | None:
        """Return the ids of a shard's vectors; None if the server cannot use it. Raises ServerAway."""
        if self._breaks[shard] >= _MAX_BREAKS:
            return None
        try:
            stored = list(index.ids(shard))
            for number, vector in index.vectors(shard, list(islice(stored, _REWRITTEN_VECTORS))).items():
                index.upsert(shard, [number], vector[None])
                index.nearest(shard, vector, 1)
            return set(stored)
        except ShardDamaged:
            return None
        except ServerAway as away:
            self._breaks[shard] += away.message.code in (_CRASHED, _MUTE)
            raise

    def _reset(self, damaged: LibraryDamaged) -> None:
        raise damaged


def in_thread(work: Callable[[], T]) -> Future[T]:
    """Run a function in a thread that does not keep the process from ending."""
    future = Future[T]()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
