"""Long work that a page starts and watches. Nothing here knows Streamlit."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from rag.errors import BylineError
from rag.progress import OnProgress, Progress

_log = logging.getLogger(__name__)


class Job:
    """Work that runs once at a time in a thread of its own, whatever pages come and go.

    `progress` is the last report; `error` what went wrong in the last run: a message for the
    reader, "" for an unexpected error, None while all is well.
    """

    def __init__(self, work: Callable[[OnProgress], object]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self.running = False
        self.progress: Progress | None = None
        self.error: str | None = None

    def start(self) -> None:
        """Begin, unless it is running already."""
        with self._lock:
            if self.running:
                return
            self.running, self.progress, self.error = True, None, None
        threading.Thread(target=self._run, name="job", daemon=True).start()

    def _run(self) -> None:
        try:
            self._work(self._report)
        except BylineError as error:
            self.error = str(error)
        except Exception:
            _log.exception("A job broke off")
            self.error = ""
        finally:
            self.running = False

    def _report(self, progress: Progress) -> None:
        self.progress = progress
