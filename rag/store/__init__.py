"""The library on disk: ledger, texts and keyword index in SQLite, vectors in Chroma, one owner.

SQLite is the truth. A change is first written there (`pending`, `doomed`), then carried to Chroma,
then noted as done; whatever a crash leaves half-way is carried over by the next `settle`.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path

from rag.balancing import Shifts, measure
from rag.documents import Filters
from rag.embedding import Embedder
from rag.errors import BylineError, IndexMismatch, ShardDamaged
from rag.progress import OnProgress, ignore
from rag.splitting import split
from rag.store.copies import Copies
from rag.store.database import Database
from rag.store.doubts import usable
from rag.store.feeds import Feeds
from rag.store.files import Files
from rag.store.keywords import Keywords
from rag.store.ledger import SHARD, Item, Ledger
from rag.store.listing import Listing
from rag.store.lock import Ownership
from rag.store.records import Feed, FileState, Overview, StoredPassage
from rag.store.removed import Removed
from rag.store.vectors import VectorIndex, Vectors
from rag.store.visits import Visits

__all__ = ["Feed", "FileState", "Item", "Overview", "Store", "StoredPassage"]

_log = logging.getLogger(__name__)
EmbedArticles = Callable[[Sequence[StoredPassage]], Vectors]


class Store:
    """A data folder, opened and owned; `shard` is how many passages a collection of Chroma takes.

    Raises LibraryBusy, NotPermitted, LibraryDamaged, and IndexMismatch where another embedding model
    made the vectors that are there.
    """

    def __init__(self, folder: Path, embedder: Embedder, shard: int = SHARD) -> None:
        self._folder, self._embedder = folder, embedder
        self._ownership = Ownership(folder)
        try:
            self._database = Database(folder / "library.sqlite")
            self.ledger, self.files = Ledger(self._database, shard), Files(self._database)
            self.keywords, self.listing = Keywords(self._database), Listing(self._database)
            self.removed, self.visits = Removed(self._database), Visits(self._database)
            self.feeds, self.copies = Feeds(self._database), Copies(self._database)
            self._throwing, self._thrown_away = threading.Lock(), set[str]()
            # shards that a process wrote to which did not end well, and those that this one writes to
            self._doubtful, self._written = set((self.ledger.meta("writing") or "").split()), set[str]()
            self._check_made_by(embedder)
        except BaseException:
            self._ownership.release()
            raise

    def close(self) -> None:
        """Let the folder go."""
        self.rest()
        if "vectors" in self.__dict__:
            self.vectors.close()
        self._database.close()
        self._ownership.release()

    @cached_property
    def vectors(self) -> VectorIndex:
        """Chroma, opened when first needed."""
        return self._looked_after() if self._doubtful else VectorIndex(self._folder / "vectors")

    def _check_made_by(self, embedder: Embedder) -> None:
        """The index knows the model that made it, and refuses to mix."""
        mine = {
            "embedder": embedder.name,
            "dimension": str(embedder.dimension),
            "fingerprint": embedder.fingerprint,
        }
        theirs = {key: self.ledger.meta(key) for key in mine}
        if theirs == mine and not self._database.renewed:
            return
        if theirs["embedder"] is not None and theirs != mine and self.ledger.overview().passages:
            embedder.embed_query("?")  # a damaged model looks like another one: it says so here
            raise IndexMismatch(
                f"The index in {self._folder} was made with {theirs['embedder']} "
                f"({theirs['dimension']} dimensions); now {embedder.name} ({embedder.dimension}) is set. "
                "Set BYLINE_EMBEDDER back, or rebuild the index: python -m rag repair."
            )
        shutil.rmtree(self._folder / "vectors", ignore_errors=True)  # of another layout, or another dimension
        self.ledger.forget_model()
        self.ledger.set_meta(**mine)

    # --- searching

    def shards(self, filters: Filters) -> dict[str, dict[str, list[int] | None]]:
        """Each language's shards, with the numbers of the passages that pass the filters: None for all."""
        if filters.since or filters.until or filters.sources:
            among: Mapping[str, list[int] | None] = self.ledger.passage_ids(filters)
        else:
            among = dict.fromkeys(self.vectors.shards())
        result: dict[str, dict[str, list[int] | None]] = {}
        for shard, numbers in among.items():
            language = shard.rpartition("-")[0]
            if not filters.languages or language in filters.languages:
                result.setdefault(language, {})[shard] = numbers
        return result

    def nearest(
        self,
        shards: Mapping[str, list[int] | None],
        vector: Vectors,
        k: int,
        also: Sequence[tuple[int, str]] = (),
    ) -> dict[int, Vectors]:
        """The vectors of the k passages of some shards nearest to a vector, and of those in `also`.

        All of shape (d,), by number; `also` holds numbers with their shards.
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
        """What a shard says; one that is damaged says nothing, and its vectors are due anew."""
        try:
            return read()
        except ShardDamaged as damaged:
            self._throw_away(damaged)
            return {}

    # --- changes

    def put(self, items: Sequence[Item], embed: EmbedArticles, finished: Sequence[FileState] = ()) -> int:
        """Write articles with their passages and vectors, in place of what they were; see Ledger.put."""
        left = self.ledger.put(items, finished)
        if items and not self._fill([article.id for article, _, _ in items], embed):
            self.settle(embed)
        self._let_go()
        return left

    def remove_files(self, files: Sequence[str]) -> None:
        """Forget files with all their articles."""
        self.ledger.remove_files(files)
        self._let_go()

    def set_aside(self, article_ids: Sequence[str]) -> None:
        """Take articles out, so that they can be put back."""
        self.removed.take(article_ids)
        self._let_go()

    def put_back(self, article_ids: Sequence[str], embed: EmbedArticles) -> None:
        """Bring such articles in again."""
        self.put(
            [(article, split(article), stamp) for article, stamp in self.removed.whole(article_ids)], embed
        )
        self.removed.drop(article_ids)

    def settle(self, embed: EmbedArticles, batch: int = 64) -> None:
        """Carry over to Chroma what an interruption left."""
        if self._doubtful:
            _ = self.vectors  # opened, it is looked after
        while pending := self.ledger.pending(batch):
            self.ledger.renew_passages(pending)
            self._fill(pending, embed)
        self._let_go()

    @cached_property
    def shifts(self) -> Shifts:
        """What the embedding model makes of each language; measured once, kept with the index."""
        self.measure_shifts()
        return self.ledger.shifts() or measure(self._embedder)

    def measure_shifts(self, on_progress: OnProgress = ignore) -> None:
        """Measure it now, unless that was done."""
        if self.ledger.shifts() is None:
            self.ledger.set_shifts(measure(self._embedder, on_progress))

    def _fill(self, article_ids: Sequence[str], embed: EmbedArticles) -> bool:
        """Whether articles' vectors are all there now; a damaged shard's are due, all of them."""
        stored = self.ledger.passages_of(article_ids)
        vectors = embed(stored)
        for shard in sorted({p.shard for p in stored}):
            rows = [i for i, p in enumerate(stored) if p.shard == shard]
            try:
                self._begin_to_write(shard)
                self.vectors.upsert(shard, [stored[i].id for i in rows], vectors[rows])
            except ShardDamaged as damaged:
                self._throw_away(damaged)
                return False
        self.ledger.settled(article_ids)
        return True

    def _let_go(self) -> None:
        doomed = self.ledger.doomed()
        for shard in {shard for _, shard in doomed}:
            try:
                self._begin_to_write(shard)
                self.vectors.delete(shard, [i for i, other in doomed if other == shard])
            except ShardDamaged as damaged:
                self._throw_away(damaged)
        self.ledger.undoom(i for i, _ in doomed)

    def _note(self) -> None:
        self.ledger.set_meta(writing=" ".join(sorted(self._doubtful | self._written)))

    def _begin_to_write(self, shard: str) -> None:
        """Note that a shard is written to: Chroma may leave it damaged where it is killed at that."""
        if shard not in self._written:
            self._written.add(shard)
            self._note()

    def rest(self) -> None:
        """A change is over: what Chroma has still to write it writes now. Being killed later does no harm."""
        written, self._written = self._written, set()
        with suppress(BylineError):  # a damaged shard, a full disk: these are looked at once more
            for shard in written:
                self.vectors.write_down(shard)
            if written:
                self._note()

    def _looked_after(self) -> VectorIndex:
        """Chroma; what it lost in a process that was killed is due anew: it does not tell, or dies of it."""
        folder = self._folder / "vectors"
        there = {shard: usable(folder, shard) for shard in sorted(self._doubtful)}
        wanted, index = self.ledger.passage_ids(), VectorIndex(folder)
        for shard, ids in there.items():
            if ids is None:
                _log.warning("The vectors %s were damaged by a process that was killed: made anew.", shard)
                self.ledger.set_pending_in(shard)
                index.drop(shard)
            else:
                lost = set(wanted.get(shard, ())) - ids
                self.ledger.set_pending({p.article.id for p in self.ledger.passages(lost).values()})
        self._doubtful.clear()
        self._note()
        return index

    def _throw_away(self, damaged: ShardDamaged) -> None:
        """Have the vectors of a damaged shard made anew. Raises it where that was tried before."""
        with self._throwing:
            if not self.vectors.still(damaged):  # another thread came before
                return
            if damaged.shard in self._thrown_away:
                raise damaged
            _log.warning("%s", damaged)
            self._thrown_away.add(damaged.shard)
            self.ledger.set_pending_in(damaged.shard)
            self.vectors.drop(damaged.shard)

    # --- checking

    def missing_vectors(self) -> dict[str, tuple[set[int], set[int]]]:
        """For each shard, passages without a vector and vectors without a passage; only faults.

        Reads every vector. A damaged index can end the process: call it from one that may die.
        """
        wanted = self.ledger.passage_ids()
        faults = {}
        for shard in set(wanted) | set(self.vectors.shards()):
            there, due = self._there(shard), set(wanted.get(shard, ()))
            if there != due:
                faults[shard] = (due - there, there - due)
        return faults

    def _there(self, shard: str) -> set[int]:
        try:
            return set(self.vectors.ids(shard))
        except ShardDamaged:
            return set()

    @staticmethod
    def drop_vectors(folder: Path) -> None:
        """Throw the cache of vectors away and ask for all of them anew; the folder must not be open."""
        ownership = Ownership(folder)
        try:
            shutil.rmtree(folder / "vectors", ignore_errors=True)
            database = Database(folder / "library.sqlite")
            ledger = Ledger(database)
            ledger.set_pending(sorted({info.id for info in ledger.articles(-1)}))
            ledger.undoom(i for i, _ in ledger.doomed())
            ledger.forget_model()
            database.close()
        finally:
            ownership.release()
