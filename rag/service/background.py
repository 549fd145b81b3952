"""Background services of the process that owns a library.

They serve RPC calls, poll feeds, watch folders, calibrate language models, repair vectors and make backups.
"""

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
"""Seconds between two runs of a service, also after a failure. Not fitted."""
CLOSE_TIMEOUT_S = 10.0
"""Maximum seconds to wait for each thread when closing. Not fitted."""
_log = logging.getLogger(__name__)


class BackgroundServices:
    """Runs the services of a library's owner in daemon threads.

    Close the services before the library. Without `close` the threads end with the process, and clients
    notice that the owner is gone.
    """

    def __init__(self, library: Library, interval_s: float = POLL_INTERVAL_S) -> None:
        self._library, self._interval_s, self._stop = library, interval_s, threading.Event()
        calibration = ModelCalibration(library, self._stop.is_set)
        work = [self._poll_feeds, self._mend_and_back_up]
        work += [self._watch_folders] * bool(library.settings.watched)
        work += [calibration.run] * library.settings.calibrate
        self._threads = [threading.Thread(target=self._repeat, args=(one,), daemon=True) for one in work]
        self._server: RpcServer | None = None

    def start(self) -> None:
        """Start all services; none if the library is read-only."""
        library = self._library
        if library.read_only:
            return
        if library.processes:
            library.processes.is_now("app")
        if not library.settings.shared:  # else others open it themselves
            targets = {name: getattr(library, name, library) for name in INTERFACE}
            self._server = RpcServer(library.settings.data, INTERFACE, targets)
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop accepting calls and stop all services; wait at most CLOSE_TIMEOUT_S for each thread."""
        self._stop.set()
        if self._server:
            self._server.close()
        for thread in self._threads:
            if thread.ident:
                thread.join(CLOSE_TIMEOUT_S)

    def _repeat(self, work: Callable[[], None]) -> None:
        """Run one service at every interval until `close`; log its errors and continue."""
        while not self._stop.is_set():
            try:
                work()
            except BylineError as error:
                _log.warning("%s", error)
            except Exception:
                _log.exception("A background service failed")
            self._stop.wait(self._interval_s)

    def _poll_feeds(self) -> None:
        processes = self._library.processes
        if processes and not processes.leads():
            return
        if due := self._library.feeds.due():
            self._library.feeds.update(due, ignore, self._stop)

    def _mend_and_back_up(self) -> None:
        """Repair the index if the library reports damage, and back up, unless it is being changed."""
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
