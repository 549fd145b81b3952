"""The shards in the data folder: damage to Chroma's files is noticed before Chroma opens them.

Damage to one shard loses that shard, damage to Chroma's own database all of them; the ledger then has the
property `lost` until every article has its vectors again.
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from rag.errors import BylineError, LibraryDamaged
from rag.store.chroma_folder import ChromaFolder
from rag.store.guarded_vectors import GuardedVectors
from rag.store.index_files import index_states, read_database, shards_in
from rag.store.ledger import Ledger
from rag.store.private_files import has_content
from rag.store.shard_probe import is_truncated, readable_ids
from rag.store.shards import Shards
from rag.store.sqlite_errors import kind_of
from rag.store.vectors import VectorIndex

_log = logging.getLogger(__name__)


class FolderVectors(GuardedVectors):
    """The vector index of a data folder, opened on first use."""

    def __init__(self, folder: Path, ledger: Ledger, shards: Shards) -> None:
        super().__init__(ledger, shards)
        self._folder = folder
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
        was_open = self._index is not None
        super().close()
        if was_open:
            with suppress(BylineError):  # they are examined the next time
                self._record_states()

    def erase(self) -> None:
        """See GuardedVectors."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _opened(self) -> VectorIndex:
        try:
            return VectorIndex(ChromaFolder(self._folder))
        except LibraryDamaged as damaged:
            self._lose_all(damaged)
            return VectorIndex(ChromaFolder(self._folder))

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
            self._settled()

    def _reset(self, damaged: LibraryDamaged) -> None:
        _log.warning("%s", damaged)
        self._lose(*self._own())
        self.index.reset(lambda: shutil.rmtree(self._folder, ignore_errors=True))

    def _lose_all(self, why: object) -> None:
        _log.warning("The vectors in %s are lost (%s); recomputing them.", self._folder, why)
        self._suspect.clear()
        self._lose(*self._own())
        shutil.rmtree(self._folder, ignore_errors=True)

    def _own(self) -> list[str]:
        return [shard for shard, place in self._shards.servers().items() if place == self.place]

    def _settled(self) -> None:
        super()._settled()
        self._record_states()

    def _record_states(self) -> None:
        """Record how this program leaves the index files; Chroma writes some of them when it is closed."""
        states = json.dumps(index_states(self._folder))
        if states != self._ledger.meta("indexes"):
            self._ledger.set_meta(indexes=states)
