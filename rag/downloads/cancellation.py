"""Cancel long operations, even while they wait for a server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from threading import Event

from rag.progress import OnProgress, Progress

_POLL_INTERVAL_S, _GRACE_PERIOD_S = 0.1, 1.0
"""Interval between two checks of `stop`, and how long a cancelled operation is waited for. Not fitted."""


class Stopped(Exception):
    """Raised by a progress report after cancellation."""


def run(work: Callable[[OnProgress], None], on_progress: OnProgress, stop: Event) -> bool:
    """Run `work` until it ends or `stop` is set; return whether it completed. Raises what `work` raises.

    A cancelled operation ends at its next progress report. It is waited for only briefly, because a server
    can be silent for minutes.
    """
    ended, completed = Event(), Event()
    failures: list[BaseException] = []

    def report(progress: Progress) -> None:
        if stop.is_set():
            raise Stopped
        on_progress(progress)

    def go() -> None:
        try:
            work(report)
            completed.set()
        except Stopped:
            pass
        except BaseException as error:
            failures.append(error)
        ended.set()

    threading.Thread(target=go, name="stoppable", daemon=True).start()
    while not ended.wait(_POLL_INTERVAL_S):
        if stop.is_set():
            ended.wait(_GRACE_PERIOD_S)
            break
    if failures and not stop.is_set():
        raise failures[0]
    return completed.is_set()
