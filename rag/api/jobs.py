"""Jobs: ingestions that a request begins and that others watch."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from rag.errors import BylineError
from rag.ingestion.report import Report
from rag.locales.message import Message
from rag.progress import OnProgress, Progress
from rag.service import json_output

MAX_JOBS = 100
"""Jobs that are remembered; the oldest finished ones are forgotten first. Not fitted."""
Work = Callable[[OnProgress, threading.Event], Report]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """A run of an ingestion. `stop` cancels it; what it has finished is kept."""

    about: list[str]
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: Literal["running", "done", "failed", "stopped"] = "running"
    progress: Progress | None = None
    report: Report | None = None
    error: Message | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def described(self) -> dict[str, Any]:
        """Describe the job; `report` is the command line's."""
        told = self.progress
        return {
            "id": self.id,
            "about": self.about,
            "began": self.began.isoformat(),
            "state": self.state,
            "progress": told and {"label": str(told.label), "done": told.done, "total": told.total},
            "report": self.report and json_output.report(self.report),
            "error": self.error and str(self.error),
        }

    def run(self, work: Work) -> None:
        """Run the work to its end, whatever that is."""
        try:
            self.report = work(self._on_progress, self.stop)
            self.state = "stopped" if self.report.stopped else "done"
        except BylineError as error:
            self.state, self.error = "failed", error.message
        except Exception:
            _log.exception("A job broke off")
            self.state, self.error = "failed", Message.of("unexpected")

    def _on_progress(self, progress: Progress) -> None:
        self.progress = progress


class Jobs:
    """The jobs of this process, by id. Thread safe. A change to the library waits for the one before it."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, about: list[str], work: Work) -> Job:
        """Run work in a thread of its own; `about` names what is ingested."""
        job = Job(about)
        with self._lock:
            self._jobs[job.id] = job
            over = [one.id for one in self._jobs.values() if one.state != "running"]
            for id in over[: max(0, len(self._jobs) - MAX_JOBS)]:
                del self._jobs[id]
        threading.Thread(target=job.run, args=(work,), name="api job", daemon=True).start()
        return job

    def all(self) -> list[Job]:
        """Return the jobs, the latest first."""
        with self._lock:
            return [*reversed(self._jobs.values())]

    def get(self, id: str) -> Job | None:
        """Return a job, None if there is none of this id."""
        return self._jobs.get(id)
