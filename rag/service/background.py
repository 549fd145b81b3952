"""Background services of a library's owner: RPC, feeds, watched folders, calibration, mending, backups."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from rag.errors import BylineError, NothingThere
from rag.ingestion.folder_watcher import watch_folders
from rag.library import Library
from rag.progress import ignore
from rag.service.model_calibration import ModelCalibration
from rag.service.rpc import RpcServer
from rag.service.shared_library import INTERFACE

POLL_INTERVAL_S = 30.0
"""Seconds between checks for feeds that are due, and before a failed folder watch is retried. Not fitted."""
CLOSE_TIMEOUT_S = 10.0
"""Seconds that closing waits for a thread. Not fitted."""
_log = logging.getLogger(__name__)


class BackgroundServices:
    """Serves other processes, polls feeds, watches folders, calibrates models, mends and backs up.

    Close the services before the library. Otherwise they end with the process: all their threads are
    daemons, and an owner that is gone is noticed by its clients. `every` is the polling interval in seconds.
    """

    def __init__(self, library: Library, every: float = POLL_INTERVAL_S) -> None:
        self._library, self._every, self._stop = library, every, threading.Event()
        calibration = ModelCalibration(library, self._stop.is_set)
        work = [self._poll_feeds, self._look_after]
        work += [self._watch_folders] * bool(library.settings.watched)
        work += [calibration.go_on] * library.settings.calibrate
        self._threads = [threading.Thread(target=self._repeat, args=(one,), daemon=True) for one in work]
        self._server: RpcServer | None = None

    def start(self) -> None:
        """Begin all services; none where the data folder may not be written."""
        library = self._library
        if library.read_only:
            return
        targets = {name: getattr(library, name, library) for name in INTERFACE}
        self._server = RpcServer(library.settings.data, INTERFACE, targets)
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Refuse further work and stop what is running; waits at most 10 s for each thread."""
        self._stop.set()
        if self._server:
            self._server.close()
        for thread in self._threads:
            if thread.ident:
                thread.join(CLOSE_TIMEOUT_S)

    def _repeat(self, work: Callable[[], None]) -> None:
        """Do work at every interval; errors are logged, and end neither it nor anything else."""
        while not self._stop.is_set():
            try:
                work()
            except BylineError as error:
                _log.warning("%s", error)
            except Exception:
                _log.exception("A background service failed")
            self._stop.wait(self._every)

    def _poll_feeds(self) -> None:
        if due := self._library.feeds.due():
            self._library.feeds.update(due, ignore, self._stop)

    def _look_after(self) -> None:
        library = self._library
        if library.notice() and not library.intake.changing:
            library.intake.finish(ignore, self._stop)
        if not library.intake.changing:
            library.back_up()

    def _watch_folders(self) -> None:
        folders = self._library.settings.watched
        if missing := [str(folder) for folder in folders if not folder.is_dir()]:
            raise NothingThere("no_folder", path=missing[0])
        watch_folders(folders, lambda: self._library.intake.ingest(folders, ignore, self._stop), self._stop)
