"""Writing behind: what changes is in the file a fifth of a second later."""

from __future__ import annotations

import logging
import sqlite3
import threading

from rag.conversations.exchange import Exchange
from rag.conversations.file import ConversationFile, trouble_of
from rag.conversations.records import Head, Trouble
from rag.conversations.rows import put

BATCH = 0.2
"""Seconds that changes are gathered for: an answer changes with every word."""
AGAIN = 2.0
"""Seconds until a write that failed is tried again."""

_log = logging.getLogger(__name__)


class Keeper:
    """A thread that writes the newest state of what has changed.

    What cannot be written is kept in memory and tried again; `trouble` says why, None while all is well.
    """

    def __init__(self, file: ConversationFile) -> None:
        self._file = file
        self._heads: dict[str, Head] = {}
        self._exchanges: dict[str, tuple[str, Exchange]] = {}
        self._state, self._writing = threading.Lock(), threading.Lock()
        self._changed, self._closed = threading.Event(), threading.Event()
        self.trouble: Trouble | None = None
        self._thread = threading.Thread(target=self._run, name="conversations", daemon=True)
        self._thread.start()

    def keep(self, head: Head, exchange: Exchange | None = None) -> None:
        """Have this written; an exchange with its conversation."""
        with self._state:
            self._heads[head.id] = head
            if exchange is not None:
                self._exchanges[exchange.id] = head.id, exchange
        self._changed.set()

    def flush(self) -> None:
        """Write what there is, now."""
        with self._writing:
            with self._state:
                heads, self._heads = self._heads, {}
                exchanges, self._exchanges = self._exchanges, {}
            if not heads:
                return
            try:
                with self._file.transaction() as db:
                    put(db, heads.values(), exchanges.values())
                self.trouble = None
            except sqlite3.Error as error:
                if self.trouble is None:
                    _log.warning("Conversations cannot be written: %s", error)
                self.trouble = trouble_of(error)
                with self._state:  # in the order asked; what has changed meanwhile counts
                    self._heads = heads | self._heads
                    self._exchanges = exchanges | self._exchanges

    def close(self) -> None:
        """Write what there is and end."""
        self._closed.set()
        self._changed.set()
        self._thread.join()
        self.flush()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._changed.wait()
            self._changed.clear()
            self._closed.wait(BATCH)
            self.flush()
            if self.trouble is not None:
                self._closed.wait(AGAIN)
                self._changed.set()
