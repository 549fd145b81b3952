"""Reading in other processes: the same articles, whatever becomes of the process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from examples import write

from rag.child_processes import child_environment
from rag.ingestion.ingester import Ingester
from rag.reading import Readers, ReadRequest, read_files
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # child processes

NASTY = """
import os, sys, time
from rag.reading import file_reader, worker
whole = file_reader.read_file
def read_file(wanted):
    if "crash" in wanted.name: os._exit(11)
    if "sleep" in wanted.name: time.sleep(60)
    if "loop" in wanted.name:
        while True: pass
    if "memory" in wanted.name: held = b"x" * (1 << 30)
    if "noise" in wanted.name: print("what a library prints")
    yield from whole(wanted)
worker.read_file, worker.MAX_CPU_S = read_file, 4
worker.main()
"""
"""A child in which some names do harm."""


@pytest.fixture
def readers() -> Iterator[Readers]:
    made = Readers(timeout_s=15, command=(sys.executable, "-c", NASTY))
    yield made
    made.close()


def wanted(folder: Path) -> list[ReadRequest]:
    return [ReadRequest(path, str(path), path.suffix) for path in sorted(folder.iterdir())]


def test_children_read_what_this_process_reads(articles: Path, readers: Readers) -> None:
    write(articles, empty="", noise="The noise\n\nA text that a library prints about.")
    there = sorted(readers(wanted(articles)), key=str)
    assert there == sorted(read_files(wanted(articles)), key=str)
    assert len([article for chunk in there for article in chunk.articles]) == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "reason"), [("crash", "crash"), ("sleep", "too long"), ("loop", "too long"), ("memory", "crash")]
)
@pytest.mark.skipif(sys.platform == "win32", reason="there are no resource limits here")
def test_a_file_that_does_harm_costs_itself_only(
    harm: str, reason: str, articles: Path, readers: Readers, store: Store, embedder: HashEmbedder
) -> None:
    write(articles, **{f"a-{harm}": "It does harm\n\nWhoever reads it."})
    began = time.monotonic()
    report = Ingester(store, embedder, read=readers).run([articles])
    assert time.monotonic() - began < 60
    assert report.added == 3
    (skipped,) = report.skipped
    assert harm in skipped.source
    assert reason in str(skipped.reason)


def test_a_run_that_is_given_up_leaves_readers_that_work(articles: Path, readers: Readers) -> None:
    chunks = readers(wanted(articles))
    next(chunks)
    chunks.close()
    assert sum(len(chunk.articles) for chunk in readers(wanted(articles))) == 3


def test_closed_readers_leave_no_process(articles: Path, readers: Readers) -> None:
    list(readers(wanted(articles)))
    (child,) = readers._idle
    readers.close()
    assert not child.alive


def test_a_child_loads_nothing_that_reading_does_not_need() -> None:
    code = "import rag.reading.worker, sys; print({'torch', 'chromadb', 'numpy', 'transformers'} & {*sys.modules})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "set()"


def test_a_child_gets_no_key_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BYLINE_OPENAI_KEY", "HF_TOKEN"):
        monkeypatch.setenv(name, "secret")
    assert "secret" not in child_environment().values()
