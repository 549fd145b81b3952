"""A library on disk: articles and keyword index in SQLite, vectors in Chroma, one owning process.

SQLite is authoritative. A change is recorded there first (articles as pending, vectors as deletions), then
applied to Chroma, then confirmed. `recover` completes changes that a crash has interrupted.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from rag.embedding.base import Embedder
from rag.embedding.language_means import LanguageMeans
from rag.errors import IndexMismatch, LibraryDamaged, NotPermitted
from rag.locales.message import Message
from rag.progress import OnProgress, ignore
from rag.store.article_collections import Collections
from rag.store.article_embedding import Embedding, embedded_texts
from rag.store.article_list import ArticleList
from rag.store.audit_log import AuditLog
from rag.store.chroma_servers import FOLDER_ONLY, ChromaServers
from rag.store.database import ServerDatabase
from rag.store.due_vectors import DueVectors
from rag.store.exact_copies import ExactCopies
from rag.store.http_validators import HttpValidators
from rag.store.kept_vectors import KeptVectors
from rag.store.keywords import KeywordIndex
from rag.store.ledger import MAX_SHARD_PASSAGES, Ledger, SplitArticle
from rag.store.ledger_check import ledger_backups
from rag.store.ledger_rows import Feed, FileState, Overview, StoredPassage
from rag.store.left_out import LeftOutLines, ReadingRecords
from rag.store.mendings import Mending, Mendings
from rag.store.model_record import ModelRecord
from rag.store.open_database import open_database
from rag.store.originals import Originals
from rag.store.ownership import Ownership
from rag.store.placed_vectors import PlacedVectors, abandon_database
from rag.store.private_files import has_content, make_private
from rag.store.processes import Processes
from rag.store.shards import Shards
from rag.store.shares import Shares
from rag.store.snapshot import Snapshot
from rag.store.source_files import SourceFiles
from rag.store.subscriptions import Subscriptions
from rag.store.trash import Trash
from rag.store.vector_queue import OwnQueue
from rag.store.vectors import VectorIndex, Vectors
from rag.text.splitter import split
from rag.types import Filters

__all__ = ["Feed", "FileState", "Overview", "SplitArticle", "Store", "StoredPassage"]

Among = Mapping[str, list[int] | None]
"""The passages to search, by shard; None means all of the shard."""


class Store:
    """An open data folder, owned by this process; `shard` is the maximum size of a Chroma collection.

    A folder that is not writable is opened as a temporary copy; `read_only` then holds its path. Raises
    LibraryBusy, NotPermitted, LibraryDamaged, and IndexMismatch if the vectors come from another embedding
    model. `database` is the address of a PostgreSQL server; without one the tables are in the folder.
    With several processes (not `alone`) the vectors must be on servers. Language means are kept in the folder
    `models`.
    """

    read_only: Path | None = None

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        shard: int = MAX_SHARD_PASSAGES,
        database: str = "",
        servers: ChromaServers = FOLDER_ONLY,
        *,
        alone: bool = True,
        models: Path | None = None,
    ) -> None:
        self._embedder, self._on_server, self._opened = embedder, bool(database), ExitStack()
        self._models = models
        self._folder = folder = self._own(folder, alone=alone)
        try:
            path = folder / "library.sqlite"
            self.backups = ledger_backups(path)
            if (
                not database
                and not has_content(path)
                and (self.backups.all() or has_content(folder / "vectors" / "chroma.sqlite3"))
            ):
                raise LibraryDamaged("ledger_gone", path=path)
            self._database = self._opened.enter_context(closing(open_database(path, database, alone=alone)))
            self.processes = Processes(self.server) if self.server else None
            self._opened.callback(self.processes.close if self.processes else lambda: None)
            self.ledger = Ledger(self._database, shard, servers.addresses)
            process = self.processes.id if self.processes and not alone else ""
            self.files, self.shard_places = SourceFiles(self._database), Shards(self._database, process)
            self.keywords, self.listing = KeywordIndex(self._database), ArticleList(self._database)
            self.trash, self.http_validators = Trash(self._database), HttpValidators(self._database)
            self.records, self.originals = ReadingRecords(self._database), Originals(self._database)
            self.feeds, self.copies = Subscriptions(self._database), ExactCopies(self._database)
            self.collections = Collections(self._database, self.require_writable)
            self.shares, self.audit = Shares(self._database, self.require_writable), AuditLog(self._database)
            self.mendings = Mendings(self._database, self.ledger, self.copies)
            self._model = ModelRecord(self._database)
            self._check_model(embedder)
            self._kept = KeptVectors(folder / "embeddings.sqlite", embedder)
            self.placed = PlacedVectors(
                *(folder / "vectors", self.ledger, self.shard_places, servers),
                read_only=self.read_only is not None,
            )
            if self.server and servers.addresses and not alone and "" in self.shard_places.servers().values():
                self.server.own()  # what lies in a folder has one owner
            queue, lock = self.processes or OwnQueue(self.ledger), self._database.shard_lock
            self._due = DueVectors(self.ledger, self.placed, self._kept, lock, queue)
        except BaseException:
            self._opened.close()
            raise

    def _own(self, folder: Path, *, alone: bool) -> Path:
        """Own a folder, or if it cannot be written a temporary copy; return which was opened."""
        try:
            if alone:
                self._opened.callback(Ownership(folder).release)
            else:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                make_private(folder)
            return folder
        except NotPermitted:
            if not has_content(folder / "library.sqlite"):
                raise
            snapshot = self._opened.enter_context(closing(Snapshot(folder)))
            self.read_only = folder
            self._opened.callback(Ownership(snapshot.folder).release)
            return snapshot.folder

    def close(self) -> None:
        """Flush and release the folder; back up the ledger if that is due."""
        self.placed.close()
        self._kept.close()
        if self._database.changed:
            self.back_up()
        self._opened.close()

    def notice(self) -> Message | None:
        """Return a notice for the reader if the folder is read-only or vectors are missing, else None."""
        if self.read_only:
            return Message.of("read_only", folder=self.read_only)
        if away := self.away():
            return away
        return self._due.notice()

    def require_writable(self) -> None:
        """Raise NotPermitted if the data folder is read-only."""
        if self.read_only:
            raise NotPermitted("read_only", folder=self.read_only)

    def away(self) -> Message | None:
        """Say which Chroma servers a search could not use, and why; None if all could be."""
        why = self.placed.away()
        return Message.of("servers_away", why=why) if why else None

    @property
    def server(self) -> ServerDatabase | None:
        """The database, if it is on a server."""
        return self._database if self._on_server else None  # type: ignore[return-value]

    @property
    def vectors(self) -> VectorIndex:
        """The vector index of the data folder, opened on first use."""
        return self.placed.folder.index

    def back_up(self) -> None:
        """Back up the ledger if that is due and it has articles; a server has its own backups."""
        mine = not self._on_server and not self.read_only
        if mine and self.backups.is_due() and self.ledger.overview().articles:
            self.backups.make()

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
            embedder.embed_query("?")  # if the model is damaged, its own error is raised here
            raise IndexMismatch(
                "mismatch",
                folder=self._folder,
                theirs=theirs["embedder"],
                d=theirs["dimension"],
                mine=embedder.name,
                e=embedder.dimension,
            )
        shutil.rmtree(self._folder / "vectors", ignore_errors=True)  # of deleted passages or another model
        abandon_database(self.ledger)
        self._model.forget()
        self.ledger.set_meta(**mine)

    def shards(self, filters: Filters) -> dict[str, dict[str, list[int] | None]]:
        """Return, by language and shard, the passages that pass the filters; None means all of the shard."""
        if replace(filters, languages=()):
            among: Among = self.ledger.passage_ids(filters)
        else:
            among = dict.fromkeys(self.ledger.shards())
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
        found = self.placed.nearest(shards, vector, k)
        best = sorted(found, key=lambda number: -float(found[number] @ vector))[:k]
        result = {number: found[number] for number in best}
        for shard in {shard for _, shard in also}:
            missing = [n for n, other in also if other == shard and n not in result]
            result |= self.placed.vectors(shard, missing)
        return result | self._embedded([n for n, _ in also if n not in result])

    def _embedded(self, numbers: Sequence[int]) -> dict[int, Vectors]:
        """Embed passages whose vectors are pending, so that keyword hits among them can be scored."""
        articles = {passage.article.id for passage in self.ledger.passages(numbers).values()}
        texts = embedded_texts(self.ledger.passages_of(articles))
        wanted = {number: texts[number] for number in numbers if number in texts}
        return Embedding(self._embedder.embed_passages).vectors(wanted, self._kept)

    def put(
        self,
        items: Sequence[SplitArticle],
        embedding: Embedding,
        finished: Sequence[FileState] = (),
        left_out: LeftOutLines = MappingProxyType({}),
    ) -> int:
        """Write or replace articles with passages and vectors; see Ledger.put. Raises EmbeddingStopped."""
        left = self.ledger.put(items, finished, left_out)
        self._due.write([article.id for article, _, _ in items], embedding)
        return left

    def remove_files(self, files: Sequence[str]) -> None:
        """Delete files with all their articles."""
        self.ledger.remove_files(files)
        self._due.delete()

    def move_to_trash(self, article_ids: Sequence[str]) -> None:
        """Move articles to the trash."""
        self.trash.take(article_ids)
        self._due.delete()

    def restore(self, article_ids: Sequence[str], embedding: Embedding) -> None:
        """Restore articles from the trash; their files are read again, as they may have changed meanwhile."""
        removed = self.trash.with_texts(article_ids)
        self.put([(article, split(article), file) for article, file in removed], embedding)
        self.records.restore(article_ids)
        self.files.forget({file for _, file in removed})
        self.trash.drop(article_ids)

    def mend(self, article_ids: Sequence[str], mending: Mending | None, embedding: Embedding) -> None:
        """Correct metadata of articles, or with None restore the values read. Raises EmbeddingStopped."""
        changed = self.mendings.mend(article_ids, mending)
        self._due.write(changed, embedding)

    def recover(self, embedding: Embedding, batch: int = 64) -> None:
        """See DueVectors.recover. Raises EmbeddingStopped."""
        self._due.recover(embedding, batch)

    @cached_property
    def language_means(self) -> LanguageMeans:
        """Mean vectors of each language, measured once and stored with the index."""
        return self._model.measured_means(self._embedder, self._models)

    def measure_language_means(self, on_progress: OnProgress = ignore) -> None:
        """Measure and store the mean vectors, unless they are stored."""
        self._model.measured_means(self._embedder, self._models, on_progress)

    def flush(self) -> None:
        """Flush Chroma's write-ahead log; see PlacedVectors."""
        self.placed.flush()

    def missing_vectors(self) -> dict[str, tuple[set[int], set[int]]]:
        """See PlacedVectors.missing."""
        return self.placed.missing()
