"""Long work in the background of the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from rag.errors import NoNetwork
from rag.locales.message import Message, verbatim
from rag.progress import OnProgress, Progress
from rag.ui.jobs import Job


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def test_work_tells_how_far_it_is_and_runs_once_at_a_time() -> None:
    go, runs = threading.Event(), []

    def work(report: OnProgress) -> None:
        runs.append(1)
        report(Progress(verbatim("Reading"), 1, 2))
        assert go.wait(5)

    job = Job(work)
    job.start()
    job.start()
    until(lambda: job.progress == Progress(verbatim("Reading"), 1, 2))
    assert job.running
    go.set()
    until(lambda: not job.running)
    assert (runs, job.error) == ([1], None)


@pytest.mark.parametrize(
    ("error", "code"), [(NoNetwork("disk_full_kept"), "disk_full_kept"), (KeyError("secret"), "unexpected")]
)
def test_an_error_is_kept_until_the_next_run(error: Exception, code: str) -> None:
    errors = [error]

    def work(_: OnProgress) -> None:
        if errors:
            raise errors.pop()

    job = Job(work)
    job.start()
    until(lambda: not job.running)
    assert job.error == Message(code)
    job.start()
    until(lambda: not job.running)
    assert job.error is None
