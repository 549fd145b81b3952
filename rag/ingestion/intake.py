"""Serialises all changes to the library's articles."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event
from types import MappingProxyType

from rag.embedding.base import Embedder
from rag.ingestion.article_embedding import embed_articles
from rag.ingestion.ingester import Ingester, Report
from rag.ingestion.urls import Addresses, is_address
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.reading import READER, READS, ReadFiles, read_files
from rag.store.store import Store
from rag.types import Skipped
from rag.web.fetcher import Fetcher

LOCK_RETRY_S = 0.2
"""Seconds between two attempts to acquire the lock; `stop` is checked in between."""


class Intake:
    """Adds, removes and restores articles. Thread safe: calls wait for one another. `stop` cancels a call."""

    def __init__(
        self, store: Store, embedder: Embedder, fetcher: Fetcher, read: ReadFiles = read_files
    ) -> None:
        self._store, self._embedder, self._fetcher, self._read = store, embedder, fetcher, read
        self._changing = threading.Lock()

    def ingest(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
        addresses: Sequence[str] = (),
    ) -> Report:
        """Index files, folders and pages; see Ingester.run."""
        with self._ingestion(on_progress, stop) as ingestion:
            report = ingestion.run(paths, addresses) if ingestion else Report(stopped=True)
        report.outdated = len(self._outdated())
        return report

    def take(self, articles: Mapping[str, bytes], on_progress: OnProgress, stop: Event | None) -> Report:
        """Index articles given as JSON objects, by address."""
        with self._ingestion(on_progress, stop, articles) as ingestion:
            return ingestion.again([], list(articles)) if ingestion else Report(stopped=True)

    def skipped(self) -> list[tuple[Skipped, datetime]]:
        """List what was not indexed, with reason and time, latest first."""
        return self._store.files.skipped_since()

    def retry(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> Report:
        """Read everything again that was skipped, including unchanged files."""
        tried = list(self._store.files.skipped())
        addresses = [file for file in tried if is_address(file)]
        paths = [Path(file) for file in tried if not is_address(file)]
        self._store.files.forget(tried)
        with self._ingestion(on_progress, stop) as ingestion:
            if not ingestion:
                return Report(stopped=True)
            self._store.remove_files([str(path) for path in paths if not os.path.lexists(path)])
            return ingestion.again([path for path in paths if os.path.lexists(path)], addresses)

    def reread(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> Report:
        """Read again the files that an earlier version of the reader has read; embed what differs.

        Files that are gone, and pages, keep the articles that they have.
        """
        files = [file for file in self._outdated() if os.path.lexists(file)]
        self._store.files.forget(files)
        with self._ingestion(on_progress, stop) as ingestion:
            if not ingestion:
                return Report(stopped=True)
            report = ingestion.again([Path(file) for file in files])
        if not report.stopped:
            self._store.ledger.set_meta(reader=str(READER))
        return report

    def _outdated(self) -> list[str]:
        if self._store.ledger.meta("reader") == str(READER):
            return []
        return [file for file in self._store.files.articles() if not is_address(file)]

    def take_out(
        self, article_ids: Sequence[str], on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """Remove articles; no ingestion adds them again until they are put back.

        Returns False, and does nothing, where `stop` was set while another change was running.
        """
        with self._alone(on_progress, stop) as alone:
            if alone:
                self._store.move_to_trash(article_ids)
            return alone

    def put_back(
        self, article_ids: Sequence[str], on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """Restore articles removed by `take_out`; returns False where `stop` was set before."""
        with self._alone(on_progress, stop) as alone:
            if alone:
                self._store.restore(article_ids, partial(embed_articles, self._embedder))
            return alone

    def unfinished(self) -> int:
        """Count the articles that wait for their vectors, 0 while a change is running.

        No search finds them. An interruption leaves some; a change of the index layout leaves all.
        """
        return 0 if self._changing.locked() else len(self._store.ledger.pending())

    def finish(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> bool:
        """Index the unfinished articles; returns False where `stop` was set before."""
        with self._ingestion(on_progress, stop) as ingestion:
            if ingestion:
                ingestion.settle()
            return ingestion is not None

    @contextmanager
    def _ingestion(
        self, on_progress: OnProgress, stop: Event | None, given: Mapping[str, bytes] = MappingProxyType({})
    ) -> Iterator[Ingester | None]:
        """Hold the lock and give an Ingester; None where `stop` was set before the lock was acquired."""
        pages = Addresses(self._fetcher, self._store.http_validators, given)
        with self._alone(on_progress, stop) as alone, pages:
            if alone:
                self._note_versions()
            yield (
                Ingester(self._store, self._embedder, on_progress, stop, self._read, pages) if alone else None
            )

    def _note_versions(self) -> None:
        """Forget skipped files once this version reads more kinds of files; note a new library's reader."""
        if self._store.ledger.meta("reads") != str(READS):
            self._store.files.forget(self._store.files.skipped())
            self._store.ledger.set_meta(reads=str(READS))
        if not self._store.files.articles():
            self._store.ledger.set_meta(reader=str(READER))

    @contextmanager
    def _alone(self, on_progress: OnProgress, stop: Event | None) -> Iterator[bool]:
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
