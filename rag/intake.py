"""What comes into a library, one change at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from types import MappingProxyType

from rag.addresses import Addresses, is_address
from rag.documents import Skipped
from rag.embedding import Embedder
from rag.ingesting import Ingestion, Report
from rag.progress import OnProgress, Progress, ignore
from rag.reading import READS, ReadFiles, read_files
from rag.store import Store
from rag.web.visiting import Visitor

_LOOK = 0.2
"""Seconds between two looks at whether another change is done."""


class Intake:
    """Brings articles in. Thread safe: who comes second waits. `stop` ends every call early."""

    def __init__(
        self, store: Store, embedder: Embedder, visitor: Visitor, read: ReadFiles = read_files
    ) -> None:
        self._store, self._embedder, self._visitor, self._read = store, embedder, visitor, read
        self._changing = threading.Lock()

    def ingest(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
        addresses: Sequence[str] = (),
    ) -> Report:
        """Bring the library up to date with files, folders and pages; see Ingestion.run."""
        with self._ingestion(on_progress, stop) as ingestion:
            return ingestion.run(paths, addresses) if ingestion else Report(stopped=True)

    def take(self, articles: Mapping[str, bytes], on_progress: OnProgress, stop: Event | None) -> Report:
        """Bring in articles that are there already, objects of JSON, each under its address."""
        with self._ingestion(on_progress, stop, articles) as ingestion:
            return ingestion.again([], list(articles)) if ingestion else Report(stopped=True)

    def skipped(self) -> list[tuple[Skipped, datetime]]:
        """What did not become an article, why, and since when; the last first."""
        return self._store.files.skipped_since()

    def retry(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> Report:
        """Try again all that was skipped, files that have not changed included."""
        tried = list(self._store.files.skipped())
        addresses = [file for file in tried if is_address(file)]
        paths = [Path(file) for file in tried if not is_address(file)]
        self._store.files.forget(tried)
        with self._ingestion(on_progress, stop) as ingestion:
            if not ingestion:
                return Report(stopped=True)
            self._store.remove_files([str(path) for path in paths if not os.path.lexists(path)])
            return ingestion.again([path for path in paths if os.path.lexists(path)], addresses)

    def take_out(
        self, article_ids: Sequence[str], on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """Take articles out of the library; no ingestion brings them in until they are put back.

        False, and nothing is done, where `stop` was set before another change was over.
        """
        with self._alone(on_progress, stop) as alone:
            if alone:
                self._store.set_aside(article_ids)
            return alone

    def put_back(
        self, article_ids: Sequence[str], on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """Bring articles that were taken out in again; see `take_out`."""
        with self._ingestion(on_progress, stop) as ingestion:
            if ingestion:
                self._store.put_back(article_ids, ingestion.embed)
            return ingestion is not None

    def unfinished(self) -> int:
        """How many articles wait to be indexed, while no change is going on.

        An interruption leaves some, and another layout of the library all: no search finds them.
        """
        return 0 if self._changing.locked() else len(self._store.ledger.pending())

    def finish(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> bool:
        """Index them; False where `stop` was set before another change was over."""
        with self._ingestion(on_progress, stop) as ingestion:
            if ingestion:
                ingestion.settle()
            return ingestion is not None

    @contextmanager
    def _ingestion(
        self, on_progress: OnProgress, stop: Event | None, given: Mapping[str, bytes] = MappingProxyType({})
    ) -> Iterator[Ingestion | None]:
        """Be the only one that changes the library; None where `stop` was set before that came true."""
        pages = Addresses(self._visitor, self._store.visits, given)
        with self._alone(on_progress, stop) as alone, pages:
            if alone:
                self._forget_what_may_be_read_now()
            yield (
                Ingestion(self._store, self._embedder, on_progress, stop, self._read, pages)
                if alone
                else None
            )

    def _forget_what_may_be_read_now(self) -> None:
        """What an earlier Byline skipped, this one may be able to read."""
        if self._store.ledger.meta("reads") != str(READS):
            self._store.files.forget(self._store.files.skipped())
            self._store.ledger.set_meta(reads=str(READS))

    @contextmanager
    def _alone(self, on_progress: OnProgress, stop: Event | None) -> Iterator[bool]:
        while not self._changing.acquire(timeout=_LOOK):
            on_progress(Progress("Waiting until another change to the library is done", 0, 1))
            if stop and stop.is_set():
                yield False
                return
        try:
            yield True
        finally:
            self._store.rest()
            self._changing.release()
