"""Long work that a page starts and watches. Nothing here knows Streamlit."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from rag.errors import BylineError
from rag.progress import OnProgress, Progress

T = TypeVar("T")
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
        self._began, self._over = 0.0, threading.Event()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._began

    def wait(self, seconds: float) -> None:
        """Wait until it is over, but not for longer."""
        self._over.wait(seconds)

    def start(self) -> None:
        """Begin, unless it is running already."""
        with self._lock:
            if self.running:
                return
            self._over.clear()
            self.running, self.progress, self.error = True, None, None
            self._began = time.monotonic()
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
            self._over.set()

    def _report(self, progress: Progress) -> None:
        self.progress = progress


class Errand(Job, Generic[T]):
    """A job that is told each time what to do; `stop` asks it to end, `result` is what the last one gave."""

    def __init__(self) -> None:
        super().__init__(self._go)
        self.stop = threading.Event()
        self.result: T | None = None
        self.about = ""
        self._todo: Callable[[OnProgress, threading.Event], T] | None = None

    def begin(self, todo: Callable[[OnProgress, threading.Event], T], about: str = "") -> None:
        """Do this, unless something is being done; it ends when the event is set. `about` names it."""
        if not self.running:
            self.stop, self.result, self.about, self._todo = threading.Event(), None, about, todo
            self.start()

    def _go(self, tell: OnProgress) -> None:
        if self._todo:
            self.result = self._todo(tell, self.stop)
