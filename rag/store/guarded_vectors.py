"""Detection of damage to the vectors: the articles whose vectors are lost are marked as pending.

Vectors can be recomputed from the ledger's texts. Damage to one shard loses that shard, damage to Chroma's
own database all of them; the ledger then has the property `lost` until every article has its vectors again.
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from rag.errors import BylineError, LibraryDamaged, ShardDamaged
from rag.store.index_files import index_states, read_database, shards_in
from rag.store.ledger import Ledger
from rag.store.private_files import has_content
from rag.store.shard_probe import is_truncated, readable_ids
from rag.store.shards import Shards
from rag.store.sqlite_errors import kind_of
from rag.store.vectors import VectorIndex, Vectors

_log = logging.getLogger(__name__)


class GuardedVectors:
    """The vector index of a data folder, opened on first use."""

    def __init__(self, folder: Path, ledger: Ledger, shards: Shards) -> None:
        self._folder, self._ledger = folder, ledger
        self._index: VectorIndex | None = None
        self._opening = threading.RLock()
        self._dropping, self._dropped = threading.Lock(), set[str]()
        # Shards that a killed process was writing to; shards that this process has written to.
        self._suspect, self._written = set((ledger.meta("writing") or "").split()), set[str]()
        if shards.expect_vectors() and not has_content(folder / "chroma.sqlite3"):
            self._lose_all("chroma.sqlite3")
        self._suspect |= set(self._altered())

    @property
    def index(self) -> VectorIndex:
        """Chroma's index. Raises LibraryDamaged if it cannot be rebuilt either."""
        with self._opening:
            if self._index is None:
                suspects, self._suspect = self._suspect, set()
                stored = {shard: readable_ids(self._folder, shard) for shard in sorted(suspects)}
                self._index = self._opened()
                self._examine(self._index, stored)
            return self._index

    def close(self) -> None:
        """Flush and close Chroma."""
        self.flush()
        index, self._index = self._index, None
        if index is not None:
            index.close()
            with suppress(BylineError):  # they are examined the next time
                self._record_states()

    def settle_suspects(self) -> None:
        """Examine the shards that a killed process was writing to."""
        if self._suspect:
            _ = self.index

    def nearest(self, shard: str, vector: Vectors, k: int, among: Sequence[int] | None) -> dict[int, Vectors]:
        """See VectorIndex.nearest; returns {} for a damaged shard."""
        return self._read(lambda: self.index.nearest(shard, vector, k, among))

    def vectors(self, shard: str, ids: Sequence[int]) -> dict[int, Vectors]:
        """See VectorIndex.vectors; returns {} for a damaged shard."""
        return self._read(lambda: self.index.vectors(shard, ids))

    def upsert(self, shard: str, ids: Sequence[int], vectors: Vectors) -> bool:
        """Write vectors; return False if the shard was found damaged and has been emptied."""
        return self._write(shard, lambda: self.index.upsert(shard, ids, vectors))

    def delete(self, shard: str, ids: Sequence[int]) -> None:
        """Delete vectors."""
        self._write(shard, lambda: self.index.delete(shard, ids))

    def flush(self) -> None:
        """Flush Chroma's write-ahead log, so that a later kill cannot corrupt the index."""
        written, self._written = self._written, set()
        with suppress(BylineError):  # the shards stay recorded and are examined when next opened
            for shard in written:
                self.index.flush(shard)
            if written:
                self._record_writing()
                self._record_states()

    def missing(self) -> dict[str, tuple[set[int], set[int]]]:
        """Return, by shard, the passages without a vector and the vectors without a passage.

        Shards without faults are left out. Reads every vector. A damaged index can crash the process, so
        call it in a child process.
        """
        wanted = self._ledger.passage_ids()
        faults = {}
        for shard in set(wanted) | set(self.index.shards()):
            stored, due = self._stored_ids(shard), set(wanted.get(shard, ()))
            if stored != due:
                faults[shard] = (due - stored, stored - due)
        return faults

    def _read(self, read: Callable[[], dict[int, Vectors]]) -> dict[int, Vectors]:
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

    def _stored_ids(self, shard: str) -> set[int]:
        try:
            return set(self.index.ids(shard))
        except ShardDamaged:
            return set()

    def _opened(self) -> VectorIndex:
        try:
            return VectorIndex(self._folder)
        except LibraryDamaged as damaged:
            self._lose_all(damaged)
            return VectorIndex(self._folder)

    def _altered(self) -> list[str]:
        """Return the shards whose files were changed from outside, or to which no vector can be written."""
        if not has_content(self._folder / "chroma.sqlite3"):
            return []
        try:
            read_database(self._folder)
            known = json.loads(self._ledger.meta("indexes") or "{}")
            states = index_states(self._folder)
            changed = [name for name, state in known.items() if states.get(name) != state]
            truncated = [shard for shard in self._ledger.shards() if is_truncated(self._folder, shard)]
            return [*shards_in(self._folder, changed), *truncated]
        except (sqlite3.Error, UnicodeDecodeError) as error:
            passing = isinstance(error, sqlite3.Error) and kind_of(error) in ("denied", "locked", "full")
            if not passing:  # opening Chroma will report it
                self._lose_all(error)
            return []

    def _examine(self, index: VectorIndex, stored: dict[str, set[int] | None]) -> None:
        """Mark the articles whose vectors suspect shards have lost as pending.

        `stored` holds the readable ids of each suspect shard, None for an unreadable one.
        """
        wanted = self._ledger.passage_ids() if stored else {}
        for shard, ids in stored.items():
            if ids is None:
                _log.warning(
                    "The vectors %s are damaged, as after a killed process; recomputing them.", shard
                )
                self._lose(shard)
                index.drop(shard)
            elif lost := set(wanted.get(shard, ())) - ids:
                self._ledger.set_pending({p.article.id for p in self._ledger.passages(lost).values()})
        if stored:
            self._record_writing()
            self._record_states()

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
                self._lose(shard or "*")
                self.index.drop(shard) if shard else self.index.reset()
            except LibraryDamaged:  # Chroma's own database
                self._lose("*")
                self.index.reset()

    def _lose(self, shards: str) -> None:
        self._ledger.set_pending_in(shards)
        self._ledger.set_meta(lost=shards)

    def _lose_all(self, why: object) -> None:
        _log.warning("The vectors in %s are lost (%s); recomputing them.", self._folder, why)
        self._suspect.clear()
        self._lose("*")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _mark_written(self, shard: str) -> None:
        """Record that a shard is being written: if the process is killed, Chroma may leave it damaged."""
        if shard not in self._written:
            self._written.add(shard)
            self._record_writing()

    def _record_states(self) -> None:
        """Record how this program leaves the index files; Chroma writes some of them when it is closed."""
        states = json.dumps(index_states(self._folder))
        if states != self._ledger.meta("indexes"):
            self._ledger.set_meta(indexes=states)

    def _record_writing(self) -> None:
        self._ledger.set_meta(writing=" ".join(sorted(self._suspect | self._written)))
