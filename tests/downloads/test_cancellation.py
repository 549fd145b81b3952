"""Long work that is asked to end."""

from __future__ import annotations

import threading
import time

import pytest

from rag.downloads import cancellation
from rag.errors import NoNetwork
from rag.locales.message import verbatim
from rag.progress import OnProgress, Progress, ignore

pytestmark = pytest.mark.slow  # waits


def test_work_that_is_let_be_comes_to_its_end() -> None:
    seen: list[Progress] = []
    assert cancellation.run(
        lambda report: report(Progress(verbatim("Reading"), 1, 2)), seen.append, threading.Event()
    )
    assert seen == [Progress(verbatim("Reading"), 1, 2)]


def test_what_it_raises_is_raised() -> None:
    def work(report: OnProgress) -> None:
        raise NoNetwork("No network.")

    with pytest.raises(NoNetwork):
        cancellation.run(work, ignore, threading.Event())


def test_work_ends_at_its_next_report() -> None:
    stop, steps = threading.Event(), []

    def work(report: OnProgress) -> None:
        for n in range(1000):
            steps.append(n)
            report(Progress(verbatim("Reading"), n, 1000))
            time.sleep(0.005)

    def tell(progress: Progress) -> None:
        if progress.done == 3:
            stop.set()

    assert not cancellation.run(work, tell, stop)
    assert len(steps) <= 5


def test_silent_work_is_not_waited_for_and_is_not_heard_any_more() -> None:
    stop, go, seen, over = threading.Event(), threading.Event(), [], threading.Event()

    def work(report: OnProgress) -> None:
        try:
            assert go.wait(10)
            report(Progress(verbatim("Reading"), 1, 2))
        finally:
            over.set()

    stop.set()
    began = time.monotonic()
    assert not cancellation.run(work, seen.append, stop)
    assert time.monotonic() - began < 3
    go.set()
    assert over.wait(5) and seen == []
