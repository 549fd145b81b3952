"""Two processes that share a PostgreSQL database ingest the same folder at the same time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import databases
import pytest

from rag.ingestion.ingester import Ingester
from rag.store import processes
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # processes and a server

INGESTING = """
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from rag.ingestion.ingester import Ingester
from rag.store.store import Store
from rag.testing import HashEmbedder
import rag.ingestion.ingester
rag.ingestion.ingester.BATCH_SIZE = 8
with closing(Store(Path(sys.argv[1]), HashEmbedder(), 60, sys.argv[3], alone=False)) as store:
    print("open", flush=True)
    sys.stdin.readline()
    Ingester(store, HashEmbedder()).run([Path(sys.argv[2])])
    print(*[i for shard in store.vectors.shards() for i in store.vectors.ids(shard)])
"""


PASSAGES = (
    'SELECT a.identity, p.ordinal, p.start, p."end", p.language FROM articles a'
    " JOIN passages p ON p.article_id = a.id ORDER BY 1, 2"
)
COPIES = "SELECT count(*) FROM articles WHERE copy_of IS NOT NULL"


def folder_of(path: Path) -> Path:
    path.mkdir()
    for n in range(40):
        text = f"Quay {n}\n\n" + f"The crane on quay{n} was mended in the night of day {n}. " * 12
        (path / f"{n:02}.txt").write_text(text, "utf-8")
        (path / f"copy{n:02}.txt").write_text(text if n % 4 == 0 else f"{text} Also {n}.", "utf-8")
    return path


def content(store: Store) -> list[tuple[object, ...]]:
    """Articles with their passages; of exact copies, that there are as many."""
    return [*store._database.rows(PASSAGES), *store._database.rows(COPIES)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "articles")


@pytest.fixture
def alone(tmp_path: Path, folder: Path, embedder: HashEmbedder) -> list[tuple[object, ...]]:
    """What one process makes of the folder."""
    with closing(Store(tmp_path / "one", embedder, 60)) as store:
        Ingester(store, embedder).run([folder])
        return content(store)


@pytest.fixture
def address() -> Iterator[str]:
    with databases.opened("postgresql") as made:
        yield made


@pytest.fixture
def both(tmp_path: Path, folder: Path, address: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that have begun to ingest the folder."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", INGESTING, str(tmp_path / name), str(folder), address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for process in started:
        assert process.stdout.readline() == "open\n"
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_two_give_the_same_library_as_one_and_nothing_twice(
    alone: list[tuple[object, ...]],
    both: list[subprocess.Popen[str]],
    tmp_path: Path,
    address: str,
    embedder: HashEmbedder,
) -> None:
    vectors = set()
    for process in both:
        written, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        vectors |= set(map(int, written.split()))
    with closing(Store(tmp_path / "a", embedder, 60, address)) as store:
        assert content(store) == alone
        assert store.ledger.pending() == store.ledger.pending_deletions() == []
        wanted = {number for numbers in store.ledger.passage_ids().values() for number in numbers}
        assert vectors == wanted, "each passage has a vector, and no vector is of none"
        ((indexed,),) = store._database.rows("SELECT count(*) FROM keywords")
        assert indexed == len(wanted) == store.ledger.overview().passages


def test_a_killed_one_keeps_the_other_waiting_for_nothing(
    alone: list[tuple[object, ...]],
    both: list[subprocess.Popen[str]],
    tmp_path: Path,
    address: str,
    embedder: HashEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killed, other = both
    while not rows(address, "SELECT 1 FROM articles LIMIT 1"):
        time.sleep(0.02)
    killed.kill()
    other.communicate(timeout=120)
    assert other.returncode == 0
    monkeypatch.setattr(processes, "ALIVE_S", 0.5)  # what the killed one had taken is free by now
    with closing(Store(tmp_path / "b", embedder, 60, address, alone=False)) as store:
        assert Ingester(store, embedder).embed_pending() and store.ledger.pending() == []
    assert alone[:-1] == rows(address, PASSAGES) and alone[-1] == rows(address, COPIES)[0]


def rows(address: str, sql: str) -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(address) as connection:
        return connection.execute(sql.encode()).fetchall()
