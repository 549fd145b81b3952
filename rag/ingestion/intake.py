"""Serialises all changes to the library's articles."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event
from types import MappingProxyType

from rag.embedding.base import Embedder
from rag.errors import BylineError, NothingThere, Unreadable
from rag.ingestion.file_discovery import find_files, is_under
from rag.ingestion.ingester import Ingester
from rag.ingestion.report import Report
from rag.ingestion.urls import Addresses, is_address, normalised
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.reading import FORMATS_VERSION, READER_VERSION, ReadFiles, read_files
from rag.store.article_collections import collection_named
from rag.store.article_embedding import Embedding, EmbeddingStopped
from rag.store.article_names import find_article
from rag.store.jobs import SharedJobs
from rag.store.mendings import Mending
from rag.store.store import Store
from rag.types import ArticleInfo, Skipped, article_id
from rag.web.fetcher import Fetcher

MAX_ABOUT = 20
"""Paths and addresses that a job names. Not fitted."""
LOCK_RETRY_S = 0.2
"""Interval between attempts to acquire the lock, at which `stop` is checked. Not fitted."""


class Intake:
    """Adds, removes and restores articles. Thread safe: one change runs at a time. `stop` cancels a call.

    `originals`: keep the originals of fetched pages.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        fetcher: Fetcher,
        read: ReadFiles = read_files,
        *,
        originals: bool = True,
    ) -> None:
        self._store, self._embedder, self._fetcher, self._read = store, embedder, fetcher, read
        self._originals = originals
        self._jobs = SharedJobs(store.server, store.processes) if store.server and store.processes else None
        self._changing = threading.Lock()

    def ingest(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
        addresses: Sequence[str] = (),
        collection: str = "",
    ) -> Report:
        """Index files, folders and pages; see Ingester.run. Their articles are added to `collection`.

        Into a restricted one they come as they are written, so that nobody else sees them meanwhile.
        """
        collection = collection and self._store.collections.checked(collection)
        if collection:
            self._restrict(collection, paths, addresses)
        about = [*map(str, paths), *addresses]
        with self._job(about, on_progress, stop) as job, self._ingestion(*job) as ingestion:
            report = ingestion.run(paths, addresses) if ingestion else Report(stopped=True)
        if collection:
            self._collect(collection, paths, addresses)
        report.outdated = self.outdated()
        return report

    def _restrict(self, name: str, paths: Sequence[Path], addresses: Sequence[str]) -> None:
        """Put files and pages into a restricted collection before they are read; see article_rows.insert."""
        known = collection_named(name, self._store.collections.all())
        if known and known.groups:
            roots = [path.expanduser().resolve() for path in paths if os.path.lexists(path)]
            files = [*find_files(roots, ()).files, *map(normalised, addresses)]
            self._store.collections.add(known.name, map(article_id, files))

    def _collect(self, name: str, paths: Sequence[Path], addresses: Sequence[str]) -> None:
        """Add the articles of files, folders and pages, also of unchanged ones, to a collection."""
        roots, pages = [path.expanduser().resolve() for path in paths], set(map(normalised, addresses))
        files = self._store.files.by_article().items()
        self._store.collections.add(name, [i for i, file in files if file in pages or is_under(file, roots)])

    def take(self, articles: Mapping[str, bytes], on_progress: OnProgress, stop: Event | None) -> Report:
        """Index articles given as JSON objects, by address."""
        with self._job([*articles], on_progress, stop) as job, self._ingestion(*job, articles) as ingestion:
            return ingestion.reread([], list(articles)) if ingestion else Report(stopped=True)

    def skipped(self) -> list[tuple[Skipped, datetime]]:
        """List all skipped sources with reason and time, newest first."""
        return self._store.listing.skipped(limit=-1)

    def retry(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> Report:
        """Read all skipped files and pages again, even unchanged ones."""
        self._store.require_writable()
        skipped_files = list(self._store.files.skipped())
        addresses = [file for file in skipped_files if is_address(file)]
        paths = [Path(file) for file in skipped_files if not is_address(file)]
        self._store.files.forget(skipped_files)
        with self._ingestion(on_progress, stop) as ingestion:
            if not ingestion:
                return Report(stopped=True)
            self._store.remove_files([str(path) for path in paths if not os.path.lexists(path)])
            return ingestion.reread([path for path in paths if os.path.lexists(path)], addresses)

    def reread(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> Report:
        """Read files and kept originals again that were read by an earlier version of the reader.

        Only articles that differ are embedded again. Pages without an original are not read.
        """
        with self._ingestion(on_progress, stop, reread=True) as ingestion:
            return ingestion.reread(*self._outdated()) if ingestion else Report(stopped=True)

    def differing(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> list[ArticleInfo]:
        """List the articles that `reread` would change, in their new form."""
        with self._ingestion(on_progress, stop, reread=True) as ingestion:
            return [*ingestion.compare(*self._outdated())] if ingestion else []

    def outdated(self) -> int:
        """Count the files and pages that `reread` reads."""
        paths, addresses = self._outdated()
        return len(paths) + len(addresses)

    def _outdated(self) -> tuple[list[Path], list[str]]:
        """List the outdated files, and the outdated pages whose originals are kept."""
        outdated_files, kept = self._store.files.outdated(READER_VERSION), self._store.originals.files()
        paths = [Path(file) for file in outdated_files if not is_address(file) and os.path.lexists(file)]
        return paths, [file for file in outdated_files if file in kept]

    def take_as_is(
        self, wanted: str, as_is: bool = True, on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """Read an article again without cleaning, now and in later ingestions; or, with False, with cleaning.

        `wanted` denotes it as in `find_article`. Returns False if `stop` was set before the change began.
        Raises NothingThere if the article or its file is missing, and Unreadable if the file cannot be read;
        then the article is not changed.
        """
        article = find_article(self._store.ledger, wanted)
        with self._ingestion(on_progress, stop, reread=True) as ingestion:
            if ingestion is None:
                return False
            file = self._store.files.take_as_is(article.id, as_is)
            try:
                self._read_again(ingestion, file, article.source)
            except BylineError:
                self._store.files.take_as_is(article.id, not as_is)
                raise
            return True

    def _read_again(self, ingestion: Ingester, file: str, source: str) -> None:
        """Read a file or page again for one of its articles. Raises NothingThere or Unreadable."""
        exists = os.path.lexists(file)
        if not exists and not is_address(file):
            raise NothingThere("file_gone", path=file)
        report = ingestion.reread([Path(file)] * exists, [] if exists else [file])
        for skipped in report.skipped:
            if skipped.source in (file, source):
                raise Unreadable(skipped.reason)

    def take_out(
        self, article_ids: Sequence[str], on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """Move articles to the trash; ingestion skips them until they are put back.

        Returns False, without a change, if `stop` was set before the change began.
        """
        with self._locked(on_progress, stop) as locked:
            if locked:
                self._store.move_to_trash(article_ids)
            return locked

    def put_back(
        self, article_ids: Sequence[str], on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """Restore articles from the trash; return False if `stop` was set before the change began."""
        with self._locked(on_progress, stop) as locked:
            if locked:
                self._store.restore(article_ids, Embedding(self._embedder.embed_passages, on_progress))
            return locked

    def mend(
        self,
        article_ids: Sequence[str],
        mending: Mending | None,
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
    ) -> bool:
        """Correct metadata of articles, which ingestion preserves; with None restore the values read.

        If `stop` is set while passages are embedded, the articles stay pending. Returns False if it was set
        before the change began. Raises NothingThere for an invalid value.
        """
        if mending:
            mending.values()
        embedding = Embedding(self._embedder.embed_passages, on_progress, stop)
        with self._locked(on_progress, stop) as locked, suppress(EmbeddingStopped):
            if locked:
                self._store.mend(article_ids, mending, embedding)
        return locked

    @property
    def changing(self) -> bool:
        """Tell whether a change is running."""
        return self._changing.locked()

    def unfinished(self) -> int:
        """Count the articles without vectors; 0 while a change is running.

        An interruption leaves some articles without vectors, a migration of the index all.
        """
        return 0 if self.changing else len(self._store.ledger.pending())

    def finish(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> bool:
        """Index the unfinished articles; returns False if `stop` was set."""
        with self._ingestion(on_progress, stop) as ingestion:
            return ingestion is not None and ingestion.embed_pending()

    @contextmanager
    def _job(
        self, about: Sequence[str], on_progress: OnProgress, stop: Event | None
    ) -> Iterator[tuple[OnProgress, Event | None]]:
        """Yield the arguments, seen and stopped by other processes where the library is on a server."""
        if not self._jobs:
            yield on_progress, stop
            return
        stop = stop or Event()
        with self._jobs.running(about[:MAX_ABOUT], on_progress, stop) as report:
            yield report, stop

    @contextmanager
    def _ingestion(
        self,
        on_progress: OnProgress,
        stop: Event | None,
        given: Mapping[str, bytes] = MappingProxyType({}),
        *,
        reread: bool = False,
    ) -> Iterator[Ingester | None]:
        """Hold the lock and yield an Ingester, None if `stop` was set before the lock was acquired.

        `given` and `reread` are those of Addresses.
        """
        pages = Addresses(self._fetcher, self._store, given, keep=self._originals, reread=reread)
        with self._locked(on_progress, stop) as locked, pages:
            if locked:
                self._update_versions()
            yield (
                Ingester(self._store, self._embedder, on_progress, stop, self._read, pages)
                if locked
                else None
            )

    def _update_versions(self) -> None:
        """Let skipped files be read again if this version reads other formats."""
        if self._store.ledger.meta("reads") != str(FORMATS_VERSION):
            self._store.files.forget(self._store.files.skipped())
            self._store.ledger.set_meta(reads=str(FORMATS_VERSION))

    @contextmanager
    def _locked(self, on_progress: OnProgress, stop: Event | None) -> Iterator[bool]:
        """Hold the lock and yield True; yield False if `stop` was set first. Raises NotPermitted."""
        self._store.require_writable()
        while not self._changing.acquire(timeout=LOCK_RETRY_S):
            on_progress(Progress(Message.of("waiting_change"), 0, 1))
            if stop and stop.is_set():
                yield False
                return
        try:
            yield True
        finally:
            self._store.flush()
            self._changing.release()
