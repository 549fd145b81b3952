"""What runs beside the app for as long as it owns a library.

Work of other processes is taken, feeds that are due are looked at, folders that are watched are kept up with.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from rag.errors import BylineError, NothingThere
from rag.handover import Desk
from rag.library import Library
from rag.progress import ignore
from rag.watching import keep_up

_LOOK = 30.0
"""Seconds between two looks at which feeds are due, and before folders that failed are tried again."""
_log = logging.getLogger(__name__)


class Keeper:
    """Keeps an open library; close it before the library. `every` is how often due feeds are looked for."""

    def __init__(self, library: Library, every: float = _LOOK) -> None:
        self._library, self._every, self._stop = library, every, threading.Event()
        calls: dict[str, Callable[..., Any]] = {
            "search": library.search,
            "explain": library.explain,
            "ask": library.ask,
            "skipped": library.intake.skipped,
            "feeds": library.feeds.all,
            "subscribe": library.feeds.add,
            "unsubscribe": library.feeds.remove,
        }
        long: dict[str, Callable[..., Any]] = {
            "ingest": library.intake.ingest,
            "retry": library.intake.retry,
            "update": library.feeds.update,
        }
        self._desk = Desk(library.settings.data, calls, long)
        self._threads = [threading.Thread(target=self._again, args=(self._look_at_feeds,), daemon=True)]
        if library.settings.watched:
            self._threads.append(threading.Thread(target=self._again, args=(self._keep_up,), daemon=True))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Take no more work, and stop what is being done."""
        self._stop.set()
        self._desk.close()
        for thread in self._threads:
            thread.join(10)

    def _again(self, work: Callable[[], None]) -> None:
        """Do something now and again; what goes wrong is logged, and costs nothing else."""
        while not self._stop.is_set():
            try:
                work()
            except BylineError as error:
                _log.warning("%s", error)
            except Exception:
                _log.exception("Work beside the app broke off")
            self._stop.wait(self._every)

    def _look_at_feeds(self) -> None:
        if due := self._library.feeds.due():
            self._library.feeds.update(due, ignore, self._stop)

    def _keep_up(self) -> None:
        folders = self._library.settings.watched
        if missing := [str(folder) for folder in folders if not folder.is_dir()]:
            raise NothingThere(f"{missing[0]} is to be watched (BYLINE_WATCH), but is no folder.")
        keep_up(folders, lambda: self._library.intake.ingest(folders, ignore, self._stop), self._stop)
