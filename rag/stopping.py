"""Ending long work from outside, though it may be waiting for somebody who is silent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from threading import Event

from rag.progress import OnProgress, Progress

_LOOK, _GRACE = 0.1, 1.0
"""Seconds between two looks, and those that work may take to end before it is left to do so alone."""


class _Stopped(Exception):
    """Raised by a report, where work was asked to end."""


def run(work: Callable[[OnProgress], None], on_progress: OnProgress, stop: Event) -> bool:
    """Do `work`, until `stop` is set; whether it came to its end. Raises what it raises.

    Asked to stop, work ends at its next report. It is not waited for any longer than a moment: a
    server may be silent for minutes.
    """
    ended, whole = Event(), Event()
    failures: list[BaseException] = []

    def report(progress: Progress) -> None:
        if stop.is_set():
            raise _Stopped
        on_progress(progress)

    def go() -> None:
        try:
            work(report)
            whole.set()
        except _Stopped:
            pass
        except BaseException as error:
            failures.append(error)
        ended.set()

    threading.Thread(target=go, name="stoppable", daemon=True).start()
    while not ended.wait(_LOOK):
        if stop.is_set():
            ended.wait(_GRACE)
            break
    if failures and not stop.is_set():
        raise failures[0]
    return whole.is_set()
