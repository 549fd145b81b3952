"""Jobs on a server: seen and stopped by another process than the one that runs them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import databases
import pytest
from conversing import until

from rag.errors import NothingThere
from rag.ingestion.intake import Intake
from rag.ingestion.report import Report
from rag.progress import ignore
from rag.store.jobs import SharedJobs
from rag.store.open_database import open_server
from rag.store.processes import Processes
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.web.address_policy import AddressPolicy
from rag.web.fetcher import Fetcher

pytestmark = pytest.mark.slow  # a server


class Waiting(HashEmbedder):
    """An embedder that is asked again and again, until the job is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go = threading.Event(), threading.Event()

    def embed_passages(self, texts):  # type: ignore[no-untyped-def]
        self.asked.set()
        assert self.go.wait(60)
        return super().embed_passages(texts)


@pytest.fixture
def address() -> Iterator[str]:
    with databases.opened("postgresql") as made:
        yield made


@pytest.fixture
def elsewhere(address: str) -> Iterator[SharedJobs]:
    """The jobs as another process sees them."""
    with closing(open_server(address)) as server, closing(Processes(server)) as processes:
        yield SharedJobs(server, processes)


def test_an_ingestion_is_seen_with_its_progress_and_stopped_elsewhere(
    address: str, elsewhere: SharedJobs, tmp_path: Path, articles: Path
) -> None:
    embedder, reports = Waiting(), list[Report]()
    with closing(Store(tmp_path / "a", embedder, database=address, alone=False)) as store:
        intake = Intake(store, embedder, Fetcher(AddressPolicy()))
        run = threading.Thread(target=lambda: reports.append(intake.ingest([articles])))
        run.start()
        assert embedder.asked.wait(60)
        (job,) = elsewhere.all()
        assert (job.state, job.about) == ("running", [str(articles)])
        assert job.progress is not None and job.progress.total == 3
        assert elsewhere.stop(job.id) and not elsewhere.stop("none")
        until(lambda: all(event.is_set() for event in intake._jobs._stops.values()))
        embedder.go.set()
        run.join()
        assert [one.state for one in elsewhere.all()] == ["stopped"]
        assert intake.ingest([articles]).unchanged == 3 and store.ledger.pending() == []
        assert [one.state for one in elsewhere.all()] == ["done", "stopped"]
        with pytest.raises(NothingThere):
            intake.ingest([articles / "none"])
        assert elsewhere.all()[0].error is not None and elsewhere.all()[0].state == "failed"


def test_a_job_of_a_process_that_has_ended_is_cut_off(address: str, elsewhere: SharedJobs) -> None:
    with closing(open_server(address)) as server:
        ended = Processes(server)
        with SharedJobs(server, ended).running(["a.txt"], ignore, threading.Event()):
            assert [one.state for one in elsewhere.all()] == ["running"]
            ended.close()
            assert [one.state for one in elsewhere.all()] == ["cut_off"]
