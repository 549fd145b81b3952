"""Write-behind cache: collect changes and write them in a separate thread."""

from __future__ import annotations

import logging
import sqlite3
import threading
from dataclasses import dataclass, field

from rag.conversations.database_file import trouble_of
from rag.conversations.exchange import Exchange
from rag.conversations.kept_tables import KeptTables
from rag.conversations.rows import put
from rag.conversations.said_words import SaidWords
from rag.conversations.summaries import Head, Trouble
from rag.errors import BylineError
from rag.store.database import Transaction

BATCH_S = 0.2
"""How long changes are collected before a write: an answer changes with every token. Not fitted."""
RETRY_S = 2.0
"""Pause before a failed write is retried. Not fitted."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Batch:
    """Changes to be written: the latest state of each head and exchange, by id."""

    heads: dict[str, Head] = field(default_factory=dict)
    exchanges: dict[str, tuple[str, Exchange]] = field(default_factory=dict)


class WriteBehind:
    """Writes the latest state of each changed head and exchange.

    Failed writes are retried; `trouble` is the cause, None after a successful write.
    """

    def __init__(self, tables: KeptTables, words: SaidWords) -> None:
        self._tables, self._words = tables, words
        self._due = Batch()
        self._state, self._writing = threading.Lock(), threading.Lock()
        self._changed, self._closed = threading.Event(), threading.Event()
        self.trouble: Trouble | None = None
        self._thread = threading.Thread(target=self._run, name="conversations", daemon=True)
        self._thread.start()

    def schedule(self, head: Head, exchange: Exchange | None = None) -> None:
        """Schedule a head, and its changed exchange if any, to be written."""
        with self._state:
            self._due.heads[head.id] = head
            if exchange is not None:
                self._due.exchanges[exchange.id] = head.id, exchange
        self._changed.set()

    def flush(self) -> None:
        """Write all scheduled changes now."""
        with self._writing:
            with self._state:
                batch, self._due = self._due, Batch()
            if not batch.heads:
                return
            try:
                with self._tables.transaction() as db:
                    stored = self._put(db, batch)
                self.trouble = None
                self._stored(batch, stored)
            except (sqlite3.Error, BylineError) as error:
                if self.trouble is None:
                    _log.warning("Conversations cannot be written: %s", error)
                self.trouble = trouble_of(error)
                with self._state:  # later changes take precedence
                    self._due.heads = batch.heads | self._due.heads
                    self._due.exchanges = batch.exchanges | self._due.exchanges

    def close(self) -> None:
        """Write all scheduled changes and end the thread."""
        self._closed.set()
        self._changed.set()
        self._thread.join()
        self.flush()

    def _put(self, db: Transaction, batch: Batch) -> Batch:
        """Write changes, and return what was written."""
        put(db, batch.heads.values(), batch.exchanges.values(), self._words)
        return batch

    def _stored(self, batch: Batch, stored: Batch) -> None:
        """Take note of what was written."""

    def _run(self) -> None:
        while not self._closed.is_set():
            self._changed.wait()
            self._changed.clear()
            self._closed.wait(BATCH_S)
            self.flush()
            if self.trouble is not None:
                self._closed.wait(RETRY_S)
                self._changed.set()
