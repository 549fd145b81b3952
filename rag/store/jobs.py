"""Jobs: changes to a library on a server, with their progress, which every process sees and may stop."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Literal

from pydantic import TypeAdapter

from rag.errors import BylineError
from rag.locales.message import Message
from rag.progress import OnProgress, Progress
from rag.store.database import ServerDatabase
from rag.store.processes import PART, Processes, is_alive

MAX_ENDED_JOBS = 100
"""Ended jobs that are remembered. Not fitted."""
_REPORT_S = 0.5
"""Seconds between two reports of progress. Not fitted."""
JobState = Literal["running", "done", "stopped", "failed", "cut_off"]
_PROGRESS, _MESSAGE = TypeAdapter(Progress), TypeAdapter(Message)
_STATE = (
    "CASE WHEN ended IS NULL THEN"
    " CASE WHEN EXISTS (SELECT 1 FROM processes c WHERE c.id = j.process AND {}) THEN 'running'"
    " ELSE 'cut_off' END WHEN error IS NOT NULL THEN 'failed' WHEN stop THEN 'stopped' ELSE 'done' END"
)


@dataclass(frozen=True, slots=True)
class SharedJob:
    """A job of any process; `cut_off`: its process has ended before it did."""

    id: str
    about: Sequence[str]
    state: JobState
    began: datetime
    progress: Progress | None = None
    error: Message | None = None


class SharedJobs:
    """The jobs of all processes."""

    def __init__(self, database: ServerDatabase, processes: Processes) -> None:
        self._database, self._processes = database, processes
        self._stops = dict[str, Event]()
        processes.on_beat(self._look)

    def all(self) -> list[SharedJob]:
        """Return the jobs, the latest first."""
        state = _STATE.format(is_alive())
        sql = f"SELECT id, about, {state}, began, progress, error FROM jobs j ORDER BY began DESC, id"
        return [
            SharedJob(
                id,
                json.loads(about),
                state,
                began,
                _PROGRESS.validate_json(progress) if progress else None,
                _MESSAGE.validate_json(error) if error else None,
            )
            for id, about, state, began, progress, error in self._database.rows(sql)
        ]

    def stop(self, id: str) -> bool:
        """Ask a running job to stop, whatever process runs it; False if there is none of this id."""
        with self._database.transaction(PART) as db:
            sql = "UPDATE jobs SET stop = TRUE WHERE id = ? AND ended IS NULL"
            return bool(db.execute(sql, (id,)).rowcount)

    @contextmanager
    def running(self, about: Sequence[str], on_progress: OnProgress, stop: Event) -> Iterator[OnProgress]:
        """Keep a job's row while the block runs; yields the function to call with its progress."""
        id, last = secrets.token_urlsafe(9), 0.0

        def report(progress: Progress) -> None:
            nonlocal last
            on_progress(progress)
            if time.monotonic() - last > _REPORT_S or progress.done == progress.total:
                last = time.monotonic()
                self._update(id, "progress = ?", _PROGRESS.dump_json(progress).decode())

        with self._database.transaction(PART) as db:
            row = (id, json.dumps(list(about)), self._processes.id)
            db.execute("INSERT INTO jobs (id, about, process) VALUES (?, ?, ?)", row)
            ended = "SELECT id FROM jobs WHERE ended IS NOT NULL ORDER BY began DESC OFFSET ?"
            db.execute(f"DELETE FROM jobs WHERE id IN ({ended})", (MAX_ENDED_JOBS,))
        self._stops[id] = stop
        try:
            yield report
        except BylineError as error:
            self._update(id, "error = ?", _MESSAGE.dump_json(error.message).decode())
            raise
        finally:
            del self._stops[id]
            self._update(id, "ended = now(), stop = ?", stop.is_set())

    def _update(self, id: str, what: str, value: object) -> None:
        with self._database.transaction(PART) as db:
            db.execute(f"UPDATE jobs SET {what} WHERE id = ?", (value, id))

    def _look(self) -> None:
        """Stop those that any process has asked to stop."""
        if self._stops:
            mine = "SELECT id FROM jobs WHERE process = ? AND stop AND ended IS NULL"
            for (id,) in self._database.rows(mine, (self._processes.id,)):
                if stop := self._stops.get(id):
                    stop.set()
