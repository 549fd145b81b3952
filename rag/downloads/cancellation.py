"""Cancel long operations, even while they wait for a server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from threading import Event

from rag.progress import OnProgress, Progress

_POLL_INTERVAL_S, _GRACE_PERIOD_S = 0.1, 1.0
"""Interval at which `stop` is checked, and maximum wait for a cancelled operation. Not fitted."""


class Stopped(Exception):
    """Raised by a progress report after cancellation."""


def run(work: Callable[[OnProgress], None], on_progress: OnProgress, stop: Event) -> bool:
    """Run `work` until it ends or `stop` is set; return whether it completed. Raises what `work` raises.

    A cancelled operation ends at its next progress report. The wait for it is short, because a server may not
    answer for minutes.
    """
    ended, completed = Event(), Event()
    failures: list[BaseException] = []

    def report(progress: Progress) -> None:
        if stop.is_set():
            raise Stopped
        on_progress(progress)

    def run_work() -> None:
        try:
            work(report)
            completed.set()
        except Stopped:
            pass
        except BaseException as error:
            failures.append(error)
        ended.set()

    threading.Thread(target=run_work, name="stoppable", daemon=True).start()
    while not ended.wait(_POLL_INTERVAL_S):
        if stop.is_set():
            ended.wait(_GRACE_PERIOD_S)
            break
    if failures and not stop.is_set():
        raise failures[0]
    return completed.is_set()
