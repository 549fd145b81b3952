"""A library on disk: articles and keyword index in SQLite, vectors in Chroma, one owning process.

SQLite is authoritative. A change is first recorded there (articles as pending, vectors as deletions), then
applied to Chroma, then confirmed; what a crash interrupts is completed by `recover`.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType

from rag.embedding.base import Embedder
from rag.embedding.language_means import LanguageMeans, measure_language_means
from rag.errors import BylineError, IndexMismatch, ShardDamaged
from rag.progress import OnProgress, ignore
from rag.store.article_list import ArticleList
from rag.store.database import Database
from rag.store.exact_copies import ExactCopies
from rag.store.http_validators import HttpValidators
from rag.store.keywords import KeywordIndex
from rag.store.ledger import SHARD, Item, Ledger
from rag.store.ledger_rows import Feed, FileState, Overview, StoredPassage
from rag.store.left_out import LeftOutLines, ReadingRecords
from rag.store.originals import Originals
from rag.store.ownership import Ownership
from rag.store.shard_probe import readable_ids
from rag.store.source_files import SourceFiles
from rag.store.subscriptions import Subscriptions
from rag.store.trash import Trash
from rag.store.vectors import VectorIndex, Vectors
from rag.text.splitter import split
from rag.types import Filters

__all__ = ["Feed", "FileState", "Item", "Overview", "Store", "StoredPassage"]

_log = logging.getLogger(__name__)
Among = Mapping[str, list[int] | None]
"""Passages to search by shard; None for all of a shard."""
EmbedArticles = Callable[[Sequence[StoredPassage]], Vectors]


class Store:
    """A data folder, opened and owned; `shard` is the maximum number of passages in a Chroma collection.

    Raises LibraryBusy, NotPermitted, LibraryDamaged, and IndexMismatch where the vectors were made by another
    embedding model.
    """

    def __init__(self, folder: Path, embedder: Embedder, shard: int = SHARD) -> None:
        self._folder, self._embedder = folder, embedder
        self._ownership = Ownership(folder)
        try:
            self._database = Database(folder / "library.sqlite")
            self.ledger, self.files = Ledger(self._database, shard), SourceFiles(self._database)
            self.keywords, self.listing = KeywordIndex(self._database), ArticleList(self._database)
            self.trash, self.http_validators = Trash(self._database), HttpValidators(self._database)
            self.records, self.originals = ReadingRecords(self._database), Originals(self._database)
            self.feeds, self.copies = Subscriptions(self._database), ExactCopies(self._database)
            self._vectors: VectorIndex | None = None
            self._opening = threading.RLock()
            self._dropping, self._dropped = threading.Lock(), set[str]()
            # Shards that a killed process was writing to, and those that this one has written to.
            self._suspect, self._written = set((self.ledger.meta("writing") or "").split()), set[str]()
            self._check_model(embedder)
        except BaseException:
            self._ownership.release()
            raise

    def close(self) -> None:
        """Flush and release the folder."""
        self.flush()
        if self._vectors is not None:
            self._vectors.close()
        self._database.close()
        self._ownership.release()

    @property
    def vectors(self) -> VectorIndex:
        """The vector index, opened on first use."""
        with self._opening:
            if self._vectors is None:
                folder = self._folder / "vectors"
                self._vectors = self._open_probed() if self._suspect else VectorIndex(folder)
            return self._vectors

    def _check_model(self, embedder: Embedder) -> None:
        """Compare the embedding model with the one that made the index. Raises IndexMismatch."""
        mine = {
            "embedder": embedder.name,
            "dimension": str(embedder.dimension),
            "fingerprint": embedder.fingerprint,
        }
        theirs = {key: self.ledger.meta(key) for key in mine}
        if theirs == mine and not self._database.reindexed:
            return
        if theirs["embedder"] is not None and theirs != mine and self.ledger.overview().passages:
            embedder.embed_query("?")  # a damaged model has another fingerprint; this raises its error
            raise IndexMismatch(
                "mismatch",
                folder=self._folder,
                theirs=theirs["embedder"],
                d=theirs["dimension"],
                mine=embedder.name,
                e=embedder.dimension,
            )
        shutil.rmtree(self._folder / "vectors", ignore_errors=True)  # their passages or dimension are gone
        self.ledger.forget_model()
        self.ledger.set_meta(**mine)

    def shards(self, filters: Filters) -> dict[str, dict[str, list[int] | None]]:
        """Return each language's shards with the passages in them that pass the filters; None for all."""
        if filters.since or filters.until or filters.sources:
            among: Among = self.ledger.passage_ids(filters)
        else:
            among = dict.fromkeys(self.vectors.shards())
        result: dict[str, dict[str, list[int] | None]] = {}
        for shard, numbers in among.items():
            language = shard.rpartition("-")[0]
            if not filters.languages or language in filters.languages:
                result.setdefault(language, {})[shard] = numbers
        return result

    def nearest(
        self, shards: Among, vector: Vectors, k: int, also: Sequence[tuple[int, str]] = ()
    ) -> dict[int, Vectors]:
        """Return, by number, the vectors of the k passages nearest to a vector, and of those in `also`.

        Vectors have the shape (d,); `also` holds passages as (number, shard).
        """
        found: dict[int, Vectors] = {}
        for shard, among in shards.items():
            found |= self._read(partial(self.vectors.nearest, shard, vector, k, among))
        best = sorted(found, key=lambda number: -float(found[number] @ vector))[:k]
        result = {number: found[number] for number in best}
        for shard in {shard for _, shard in also}:
            missing = [n for n, other in also if other == shard and n not in result]
            result |= self._read(partial(self.vectors.vectors, shard, missing))
        return result

    def _read(self, read: Callable[[], dict[int, Vectors]]) -> dict[int, Vectors]:
        """Read from a shard; a damaged one gives nothing and is embedded again."""
        try:
            return read()
        except ShardDamaged as damaged:
            self._drop_damaged(damaged)
            return {}

    def put(
        self,
        items: Sequence[Item],
        embed: EmbedArticles,
        finished: Sequence[FileState] = (),
        left_out: LeftOutLines = MappingProxyType({}),
    ) -> int:
        """Write or replace articles with their passages and vectors; see Ledger.put."""
        left = self.ledger.put(items, finished, left_out)
        if items and not self._embed_pending([article.id for article, _, _ in items], embed):
            self.recover(embed)
        self._delete_vectors()
        return left

    def remove_files(self, files: Sequence[str]) -> None:
        """Delete files with all their articles."""
        self.ledger.remove_files(files)
        self._delete_vectors()

    def move_to_trash(self, article_ids: Sequence[str]) -> None:
        """Move articles to the trash."""
        self.trash.take(article_ids)
        self._delete_vectors()

    def restore(self, article_ids: Sequence[str], embed: EmbedArticles) -> None:
        """Restore articles from the trash."""
        self.put(
            [(article, split(article), stamp) for article, stamp in self.trash.with_texts(article_ids)], embed
        )
        self.records.restore(article_ids)
        self.trash.drop(article_ids)

    def recover(self, embed: EmbedArticles, batch: int = 64) -> None:
        """Complete the changes that an interruption has left."""
        if self._suspect:
            _ = self.vectors  # opening it probes the suspect shards
        while pending := self.ledger.pending(batch):
            self.ledger.restore_passages(pending)
            self._embed_pending(pending, embed)
        self._delete_vectors()

    @cached_property
    def language_means(self) -> LanguageMeans:
        """Mean vectors of each language, measured once and stored with the index."""
        self.measure_language_means()
        return self.ledger.language_means() or measure_language_means(self._embedder)

    def measure_language_means(self, on_progress: OnProgress = ignore) -> None:
        """Measure and store the mean vectors, unless they are stored."""
        if self.ledger.language_means() is None:
            self.ledger.set_language_means(measure_language_means(self._embedder, on_progress))

    def _embed_pending(self, article_ids: Sequence[str], embed: EmbedArticles) -> bool:
        """Embed articles and store their vectors; return False where a shard was found damaged."""
        stored = self.ledger.passages_of(article_ids)
        vectors = embed(stored)
        for shard in sorted({p.shard for p in stored}):
            rows = [i for i, p in enumerate(stored) if p.shard == shard]
            try:
                self._mark_written(shard)
                self.vectors.upsert(shard, [stored[i].id for i in rows], vectors[rows])
            except ShardDamaged as damaged:
                self._drop_damaged(damaged)
                return False
        self.ledger.set_done(article_ids)
        return True

    def _delete_vectors(self) -> None:
        doomed = self.ledger.pending_deletions()
        for shard in {shard for _, shard in doomed}:
            try:
                self._mark_written(shard)
                self.vectors.delete(shard, [i for i, other in doomed if other == shard])
            except ShardDamaged as damaged:
                self._drop_damaged(damaged)
        self.ledger.confirm_deletions(i for i, _ in doomed)

    def _record_writing(self) -> None:
        self.ledger.set_meta(writing=" ".join(sorted(self._suspect | self._written)))

    def _mark_written(self, shard: str) -> None:
        """Record that a shard is being written: if the process is killed, Chroma may leave it damaged."""
        if shard not in self._written:
            self._written.add(shard)
            self._record_writing()

    def flush(self) -> None:
        """Flush Chroma's write-ahead log, so that a later kill cannot corrupt the index."""
        written, self._written = self._written, set()
        with suppress(BylineError):  # they stay recorded, and are probed later
            for shard in written:
                self.vectors.flush(shard)
            if written:
                self._record_writing()

    def _open_probed(self) -> VectorIndex:
        """Open Chroma after a kill: probe the suspect shards, and mark what they lost as pending."""
        folder = self._folder / "vectors"
        stored = {shard: readable_ids(folder, shard) for shard in sorted(self._suspect)}
        wanted, index = self.ledger.passage_ids(), VectorIndex(folder)
        for shard, ids in stored.items():
            if ids is None:
                _log.warning("The vectors %s were damaged by a process that was killed: made anew.", shard)
                self.ledger.set_pending_in(shard)
                index.drop(shard)
            else:
                lost = set(wanted.get(shard, ())) - ids
                self.ledger.set_pending({p.article.id for p in self.ledger.passages(lost).values()})
        self._suspect.clear()
        self._record_writing()
        return index

    def _drop_damaged(self, damaged: ShardDamaged) -> None:
        """Drop a damaged shard and mark its articles as pending. Raises ShardDamaged the second time."""
        with self._dropping:
            if not self.vectors.is_current(damaged):  # another thread has dropped it
                return
            if damaged.shard in self._dropped:
                raise damaged
            _log.warning("%s", damaged)
            self._dropped.add(damaged.shard)
            self.ledger.set_pending_in(damaged.shard)
            self.vectors.drop(damaged.shard)

    def missing_vectors(self) -> dict[str, tuple[set[int], set[int]]]:
        """Return, by shard, the passages without a vector and the vectors without a passage.

        Shards without faults are left out. Reads every vector. A damaged index can crash the process, so
        call it in a child process.
        """
        wanted = self.ledger.passage_ids()
        faults = {}
        for shard in set(wanted) | set(self.vectors.shards()):
            stored, due = self._stored_ids(shard), set(wanted.get(shard, ()))
            if stored != due:
                faults[shard] = (due - stored, stored - due)
        return faults

    def _stored_ids(self, shard: str) -> set[int]:
        try:
            return set(self.vectors.ids(shard))
        except ShardDamaged:
            return set()
