"""A worker: it embeds and indexes the articles that other processes have put, until it is stopped."""

from __future__ import annotations

import logging
from threading import Event

from rag.embedding.base import Embedder
from rag.errors import DatabaseUnavailable, SettingsError
from rag.progress import OnProgress, ignore
from rag.store.article_embedding import Embedding, EmbeddingStopped
from rag.store.store import Store

BATCH_ARTICLES = 16
"""Articles that a worker takes at a time: what another has to do again if it is killed. Not fitted."""
POLL_S = 1.0
"""Seconds between two looks at an empty queue, or at a server that is away. Not fitted."""
_log = logging.getLogger(__name__)


class Worker:
    """Any number may run, on any machine, and be killed at any time.

    Raises SettingsError if the library is not on a server.
    """

    def __init__(self, store: Store, embedder: Embedder, on_progress: OnProgress = ignore) -> None:
        if store.processes is None:
            raise SettingsError("work_needs_servers")
        self._store, self._processes = store, store.processes
        self._embedder, self._on_progress = embedder, on_progress

    def run(self, stop: Event, *, once: bool = False) -> None:
        """Work until `stop` is set, or with `once` until nothing is left to take."""
        self._processes.is_now("worker")
        embedding = Embedding(self._embedder.embed_passages, self._on_progress, stop)
        while not stop.is_set():
            try:
                self._store.recover(embedding, BATCH_ARTICLES)
                self._store.flush()
            except EmbeddingStopped:
                break
            except DatabaseUnavailable as error:
                _log.warning("%s", error)
            else:
                if once:
                    break
            stop.wait(POLL_S)
        self._processes.is_now("command")
