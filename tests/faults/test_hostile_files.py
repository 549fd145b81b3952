"""Files that should do harm: each comes in or is skipped with a reason, and costs nobody else anything."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from examples import HARBOUR, write
from saved import hostile

from rag.ingestion.ingester import Ingester
from rag.reading import Readers
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.text.splitter import split


@pytest.mark.slow
def test_an_ingestion_goes_through_all_of_them(tmp_path: Path, store: Store, embedder: HashEmbedder) -> None:
    folder = write(tmp_path / "hostile", aaa=HARBOUR, zzz=HARBOUR)
    hostile.make(folder)
    for path in folder.iterdir():
        if not path.is_symlink() and path.stat().st_size > 100_000:  # only long, or slow
            path.unlink()
    readers = Readers()
    Ingester(store, embedder, read=readers).run([folder])
    readers.close()
    sources = {*store.ledger.sources()}
    assert {str(folder / "aaa.txt"), str(folder / "zzz.txt"), str(folder / "new\nline.txt")} <= sources
    assert not any("link.txt" in source for source in sources), "it leads out of the folder"
    assert store.missing_vectors() == {}
    again = Ingester(store, embedder).run([folder])
    assert (again.added, again.updated, again.removed) == (0, 0, 0), "nothing is tried twice"


LARGE = {"bomb.pdf", "bomb.zip", "deep-unclosed.html", "one-word.txt"}
"""Files that reach for a limit of each kind; bench/hostile.py reads all of the large ones."""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_each_takes_ten_seconds_and_512_mb_at_most(tmp_path: Path) -> None:
    hostile.make(tmp_path)
    files = [path for path in sorted(tmp_path.iterdir()) if path.is_fifo() or path.exists()]
    large = [path for path in files if path.is_file() and path.stat().st_size > 100_000]
    tried = [path for path in large if path.name in LARGE]
    assert len(tried) == len(LARGE)
    groups = [[path for path in files if path not in large], *([path] for path in tried)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda paths: hostile.read_alone(*paths), groups))
    for paths, read in zip(groups, outcomes, strict=True):
        took = f"{paths[0].name}: {read.seconds:.1f} s, {read.megabytes:.0f} MB"
        assert read.seconds <= 11, took  # one of them is the start
        assert read.megabytes <= 512, took
        assert read.articles or (all(read.reasons) and read.reasons) or read.ended, took
        for article in read.articles:
            began = time.process_time()
            split(article)
            assert time.process_time() - began <= 10, took
