"""A Chroma server that is killed: what it had is examined when it is back, and what is damaged made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from chroma_run import ChromaRun

from rag.store import chroma_server, server_vectors
from rag.store.article_embedding import Embedding
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.text.splitter import split
from rag.types import Article

pytestmark = pytest.mark.slow  # a Chroma server

EMBEDDER = HashEmbedder()
EMBEDDING = Embedding(EMBEDDER.embed_passages)
COUNT = 1100
"""Chroma writes an index to its files after 1,000 vectors."""
SEGMENTS = (
    "SELECT s.id FROM segments s JOIN collections c ON c.id = s.collection"
    " JOIN databases d ON d.id = c.database_id WHERE d.name = ?"
)
"""The folders of a library's indexes on the server."""


def quay(n: int) -> Article:
    text = f"The crane on quay{n} was mended."
    return Article(id=f"a{n}", source=f"/{n}.txt", title="", language="en", text=text)


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaRun]:
    """A server for this test alone: its damaged shard can end it at any time."""
    server = ChromaRun(tmp_path / "chroma")
    yield server
    server.kill()


@pytest.fixture
def store(tmp_path: Path, chroma: ChromaRun, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(server_vectors, "RETRY_S", 0.0)
    monkeypatch.setattr(chroma_server, "_TIMEOUT", 10.0)
    store = Store(tmp_path / "data", EMBEDDER, servers=chroma.servers)
    articles = [quay(n) for n in range(COUNT)]
    store.put([(one, split(one), one.source) for one in articles], EMBEDDING)
    yield store
    store.close()


def test_a_shard_that_a_killed_server_left_damaged_is_made_anew(store: Store, chroma: ChromaRun) -> None:
    chroma.kill()
    with closing(sqlite3.connect(chroma.folder / "chroma.sqlite3")) as db:
        rows = db.execute(SEGMENTS, (store.ledger.meta("chroma"),)).fetchall()
    (header,) = (file for (name,) in rows if (file := chroma.folder / name / "header.bin").exists())
    header.write_bytes(header.read_bytes()[:20])  # as a kill in the middle of a write leaves it
    chroma.start()
    store.flush()  # nothing was written since: it is noticed that the server is another one
    for _ in range(6):
        chroma.revive()  # reading the shard may have ended it
        store.recover(EMBEDDING)
    assert store.notice() is None
    assert store.ledger.pending() == []
    assert store.missing_vectors() == {}
