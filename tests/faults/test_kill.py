"""Ingestion killed at any point and run again: the same library as in one go."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from rag.ingestion.ingester import Ingester
from rag.store.store import Store
from rag.store.vectors import collection_name
from rag.testing import HashEmbedder

_ROOT = Path(__file__).parents[2]
_INGEST = """
import sys
from pathlib import Path
from rag.testing import HashEmbedder
from rag.ingestion import ingester; from rag.store.store import Store
ingester.BATCH_SIZE = 8
print("began", flush=True)
embedder = HashEmbedder()
ingester.Ingester(Store(Path(sys.argv[1]), embedder), embedder).run([Path(sys.argv[2])])
"""


def _folder(tmp_path: Path, articles: int) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for n in range(articles):
        body = "\n\n".join(
            f"Paragraph {p} of article {n} tells of ship {n * p} in the bay. " * 4 for p in range(4)
        )
        (folder / f"{n:03}.txt").write_text(f"Ship number {n}\n\n{body}", encoding="utf-8")
    return folder


def _contents(store: Store) -> list[tuple[str, int, int, str]]:
    ids = [info.id for info in store.ledger.articles(-1)]
    stored = store.ledger.passages_of(ids)
    return sorted((p.article.source, p.passage.start, p.passage.end, p.passage.text) for p in stored)


@pytest.mark.slow
def test_killed_and_run_again_it_converges(tmp_path: Path) -> None:
    folder, chance = _folder(tmp_path, 60), random.Random(7)
    killed = 0
    for _ in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", _INGEST, str(tmp_path / "data"), str(folder)], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.3, 1.5))
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
        (folder / f"{killed:03}.txt").write_text(
            f"Edited {killed}\n\nThis one was edited after kill {killed}."
        )
    assert killed, "it was never killed in the middle: make the work longer"

    embedder = HashEmbedder()
    store, whole = Store(tmp_path / "data", embedder), Store(tmp_path / "whole", embedder)
    Ingester(store, embedder).run([folder])
    Ingester(whole, embedder).run([folder])
    assert _contents(store) == _contents(whole)
    assert store.missing_vectors() == {}
    assert store.ledger.pending() == store.ledger.pending_deletions() == []
    store.close()
    whole.close()


_REPAIR = """
import os, time
from rag.service import repair
if __name__ == "__main__":
    child = repair._child()
    print(child.submit(os.getpid).result(), flush=True)
    child.submit(time.sleep, 60).result()
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks processes up in /proc")
def test_a_killed_repair_leaves_no_process(tmp_path: Path) -> None:
    """It would hold the library for the next command."""
    script = tmp_path / "script.py"
    script.write_text(_REPAIR)
    parent = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(_ROOT)}
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert _is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _ends(child)


_PROBE = """
import sys
from pathlib import Path
from rag.store.shard_probe import readable_ids
readable_ids(Path(sys.argv[1]), "en-0")
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks processes up in /proc")
def test_a_killed_process_leaves_no_probe_that_hangs(tmp_path: Path) -> None:
    """Reading a damaged shard can hang, here at a pipe in place of its file."""
    with closing(sqlite3.connect(tmp_path / "chroma.sqlite3")) as db, db:
        db.execute("CREATE TABLE segments AS SELECT 'files' AS id, 1 AS collection")
        db.execute(f"CREATE TABLE collections AS SELECT 1 AS id, '{collection_name('en-0')}' AS name")
    (tmp_path / "files").mkdir()
    for name in ("index_metadata.pickle", "header.bin", "length.bin"):
        (tmp_path / "files" / name).write_bytes(bytes(400))
    os.mkfifo(tmp_path / "files" / "link_lists.bin")
    parent = subprocess.Popen([sys.executable, "-c", _PROBE, str(tmp_path)], cwd=_ROOT)
    children, end = Path(f"/proc/{parent.pid}/task/{parent.pid}/children"), time.monotonic() + 60
    while not (found := children.read_text().split()) and time.monotonic() < end:
        time.sleep(0.05)
    (child,) = map(int, found)
    time.sleep(1)  # it hangs
    assert _is_alive(child)
    parent.kill()
    parent.wait()
    assert _ends(child)


def _ends(number: int) -> bool:
    """Whether a process ends within 20 seconds."""
    end = time.monotonic() + 20
    while _is_alive(number) and time.monotonic() < end:
        time.sleep(0.05)
    return not _is_alive(number)


def _is_alive(number: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        return "zombie" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False
