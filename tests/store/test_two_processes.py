"""Two processes that share a PostgreSQL database ingest the same folder at the same time."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import databases
import pytest

from rag.ingestion.ingester import Ingester
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # processes and a server

INGESTING = """
import sys
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


def folder_of(path: Path) -> Path:
    path.mkdir()
    for n in range(40):
        text = f"Quay {n}\n\n" + f"The crane on quay{n} was mended in the night of day {n}. " * 12
        (path / f"{n:02}.txt").write_text(text, "utf-8")
        (path / f"copy{n:02}.txt").write_text(text if n % 4 == 0 else f"{text} Also {n}.", "utf-8")
    return path


def content(store: Store) -> list[tuple[object, ...]]:
    """Articles with their passages; of exact copies, that there are as many."""
    rows = store._database.rows(
        'SELECT a.identity, p.ordinal, p.start, p."end", p.language FROM articles a'
        " JOIN passages p ON p.article_id = a.id ORDER BY 1, 2"
    )
    return [*rows, (store.copies.count(),)]


def test_two_give_the_same_library_as_one_and_nothing_twice(tmp_path: Path, embedder: HashEmbedder) -> None:
    folder = folder_of(tmp_path / "articles")
    with closing(Store(tmp_path / "one", embedder, 60)) as store:
        Ingester(store, embedder).run([folder])
        alone = content(store)
    with databases.opened("postgresql") as address:
        command = [sys.executable, "-c", INGESTING]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        both = [
            subprocess.Popen([*command, str(tmp_path / name), str(folder), address], **pipes)
            for name in ("a", "b")
        ]
        for process in both:
            assert process.stdout.readline() == "open\n"
        for process in both:
            process.stdin.write("\n")
            process.stdin.flush()
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
