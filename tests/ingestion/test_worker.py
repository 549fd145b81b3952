"""Workers in processes of their own embed what others put, on real servers, and one of them is killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import databases
import pytest
from chroma_run import ChromaRun
from conversing import until
from typer.testing import CliRunner

from rag.cli.main import app
from rag.ingestion.ingester import Ingester
from rag.store import processes
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # processes and servers

WORKING = """
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Event
from rag.ingestion.worker import Worker
from rag.store import processes
from rag.store.chroma_servers import ChromaServers
from rag.store.store import Store
from rag.testing import HashEmbedder

class Slow(HashEmbedder):
    def embed_passages(self, texts):
        time.sleep(0.2)
        return super().embed_passages(texts)

processes.ALIVE_S = 3.0
folder, database, chroma = sys.argv[1:]
with closing(Store(Path(folder), Slow(), 60, database, ChromaServers((chroma,)), alone=False)) as store:
    Worker(store, Slow()).run(Event())
"""
ARTICLES = 120


@pytest.fixture
def address() -> Iterator[str]:
    with databases.opened("postgresql") as made:
        yield made


@pytest.fixture
def store(
    tmp_path: Path, address: str, chroma: ChromaRun, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    monkeypatch.setattr(processes, "ALIVE_S", 3.0)
    with closing(Store(tmp_path / "app", HashEmbedder(), 60, address, chroma.servers, alone=False)) as opened:
        yield opened


@pytest.fixture
def workers(tmp_path: Path, address: str, chroma: ChromaRun) -> Iterator[list[subprocess.Popen[bytes]]]:
    started = [
        subprocess.Popen([sys.executable, "-c", WORKING, str(tmp_path / name), address, chroma.address])
        for name in ("a", "b")
    ]
    yield started
    for process in started:
        process.kill()
        process.wait()


def test_two_workers_finish_what_is_put_though_one_is_killed(
    store: Store, workers: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    (folder := tmp_path / "articles").mkdir()
    for n in range(ARTICLES):
        text = f"Quay {n}\n\n" + f"The crane on quay{n} was mended in the night of day {n}. " * 12
        (folder / f"{n:03}.txt").write_text(text, "utf-8")
    until(lambda: store.processes.others("worker") == 2, 120)
    assert Ingester(store, HashEmbedder()).run([folder]).added == ARTICLES
    due = len(store.ledger.pending())
    assert due > ARTICLES / 2, "an ingestion puts rows and leaves the rest to the workers"
    assert store.notice().code == "left_to_workers" and store.keywords.search("quay7", 3)
    taken = "SELECT process FROM leases GROUP BY process"
    until(lambda: len(store.server.rows(taken)) == 2 and len(store.ledger.pending()) < due - 10)
    workers[0].kill()
    until(lambda: store.ledger.pending() == [], 120)
    assert store.missing_vectors() == {} and store.notice() is None
    wanted = sum(map(len, store.ledger.passage_ids().values()))
    assert wanted == store.ledger.overview().passages
    until(lambda: store.server.rows("SELECT 1 FROM leases") == [])
    workers[1].kill()
    time.sleep(processes.ALIVE_S)
    (folder / "new.txt").write_text("Quay new\n\nThe crane on quay nine was painted.", "utf-8")
    Ingester(store, HashEmbedder()).run([folder])
    assert store.ledger.pending() == [], "without a worker an ingestion embeds by itself"


def test_without_servers_work_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_DATA", str(tmp_path))
    told = CliRunner().invoke(app, ["work"])
    assert told.exit_code and "BYLINE_DATABASE (PostgreSQL)" in str(told.exception)
