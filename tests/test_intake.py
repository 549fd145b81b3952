from __future__ import annotations

import threading
from pathlib import Path

import pytest
from examples import HashEmbedder

from rag import ingesting
from rag.ingesting import Report
from rag.intake import Intake
from rag.progress import Progress
from rag.store import Store


@pytest.fixture
def intake(store: Store, embedder: HashEmbedder) -> Intake:
    return Intake(store, embedder)


def test_what_was_done_before_a_stop_is_kept_and_the_next_run_goes_on(
    intake: Intake, store: Store, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "_BATCH", 1)
    stop = threading.Event()

    def after_the_first(progress: Progress) -> None:
        if progress.done == 1:
            stop.set()

    report = intake.ingest([articles], after_the_first, stop)
    assert (report.added, report.stopped) == (1, True)
    assert store.ledger.overview().articles == 1
    assert store.missing_vectors() == {}
    again = intake.ingest([articles])
    assert (again.added, again.unchanged, again.stopped) == (2, 1, False)


def test_one_change_at_a_time_and_who_waits_can_be_stopped(
    intake: Intake, articles: Path, tmp_path: Path
) -> None:
    inside, on, stop = threading.Event(), threading.Event(), threading.Event()
    waiting: list[Progress] = []

    def hold(_: Progress) -> None:
        inside.set()
        on.wait(10)

    def give_up(progress: Progress) -> None:
        waiting.append(progress)
        stop.set()

    first: list[Report] = []
    thread = threading.Thread(target=lambda: first.append(intake.ingest([articles], hold)))
    thread.start()
    assert inside.wait(10)
    assert intake.ingest([articles], give_up, stop) == Report(stopped=True)
    assert "another change" in waiting[0].label
    on.set()
    thread.join(10)
    assert first[0].added == 3
