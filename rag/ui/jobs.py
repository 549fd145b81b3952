"""Background jobs that a page starts and polls. Independent of Streamlit."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from rag.errors import BylineError
from rag.locales.message import Message
from rag.progress import OnProgress, Progress

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Job:
    """A function that runs in a thread, one run at a time, independent of any page.

    `progress` is the last report; `error` the message of the last run, None without an error.
    """

    def __init__(self, work: Callable[[OnProgress], object]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self.running = False
        self.progress: Progress | None = None
        self.error: Message | None = None
        self._began, self._ended = 0.0, threading.Event()

    @property
    def seconds(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._began

    def wait(self, seconds: float) -> None:
        """Wait for the end, at most `seconds`."""
        self._ended.wait(seconds)

    def start(self) -> None:
        """Start the job, unless it is running."""
        with self._lock:
            if self.running:
                return
            self._ended.clear()
            self.running, self.progress, self.error = True, None, None
            self._began = time.monotonic()
        threading.Thread(target=self._run, name="job", daemon=True).start()

    def _run(self) -> None:
        try:
            self._work(self._report)
        except BylineError as error:
            self.error = error.message
        except Exception:
            _log.exception("A job broke off")
            self.error = Message.of("unexpected")
        finally:
            self.running = False
            self._ended.set()

    def _report(self, progress: Progress) -> None:
        self.progress = progress


class CancellableJob(Job, Generic[T]):
    """A job with a new function for each run, which `stop` cancels; `result` is that of the last run.

    `runs` counts the runs, so that a session can recognise its own.
    """

    def __init__(self) -> None:
        super().__init__(self._run_cancellable)
        self.stop = threading.Event()
        self.result: T | None = None
        self.about = ""
        self.runs = 0
        self._cancellable_work: Callable[[OnProgress, threading.Event], T] | None = None

    def begin(self, work: Callable[[OnProgress, threading.Event], T], about: str = "") -> bool:
        """Run `work`, unless a run is in progress: then return False. Its event cancels it.

        `about` names the run.
        """
        if self.running:
            return False
        self.stop, self.result, self.about, self._cancellable_work = threading.Event(), None, about, work
        self.runs += 1
        self.start()
        return True

    def _run_cancellable(self, on_progress: OnProgress) -> None:
        if self._cancellable_work:
            self.result = self._cancellable_work(on_progress, self.stop)
