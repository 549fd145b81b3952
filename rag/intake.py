"""What comes into a library, one change at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rag.embedding import Embedder
from rag.ingesting import Ingestion, Report
from rag.progress import OnProgress, Progress, ignore
from rag.reading import ReadFiles, read_files
from rag.store import Store

_LOOK = 0.2
"""Seconds between two looks at whether another change is done."""


class Intake:
    """Brings articles in. Thread safe: who comes second waits. `stop` ends every call early."""

    def __init__(self, store: Store, embedder: Embedder, read: ReadFiles = read_files) -> None:
        self._store, self._embedder, self._read = store, embedder, read
        self._changing = threading.Lock()

    def ingest(
        self, paths: Sequence[Path], on_progress: OnProgress = ignore, stop: threading.Event | None = None
    ) -> Report:
        """Bring the library up to date with files and folders; see Ingestion.run."""
        with self._alone(on_progress, stop) as alone:
            if not alone:
                return Report(stopped=True)
            return Ingestion(self._store, self._embedder, on_progress, stop, self._read).run(paths)

    @contextmanager
    def _alone(self, on_progress: OnProgress, stop: threading.Event | None) -> Iterator[bool]:
        """Be the only one that changes the library; False where `stop` was set before that came true."""
        while not self._changing.acquire(timeout=_LOOK):
            on_progress(Progress("Waiting until another change to the library is done", 0, 1))
            if stop and stop.is_set():
                yield False
                return
        try:
            yield True
        finally:
            self._changing.release()
