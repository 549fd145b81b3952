"""Vectors are kept: what Chroma has lost is copied back, not embedded again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.ingestion.ingester import Ingester
from rag.progress import Progress
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk


class Counting(HashEmbedder):
    """Counts what it embeds; may do something before each slice."""

    def __init__(self, before: Event | None = None) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.then_set = before

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        if self.then_set:
            self.then_set.set()
        return super().embed_passages(texts)


def of_passages(embedder: Counting) -> int:
    """How many passages of the articles were embedded; others are the sentences that measure the means."""
    return sum(text.startswith("The long article") for text in embedder.texts)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """One article of several hundred passages."""
    body = "\n\n".join(f"Paragraph {n} tells of ship {n * n} in the bay. " * 8 for n in range(700))
    (tmp_path / "long.txt").write_text(f"The long article\n\n{body}")
    return tmp_path / "long.txt"


def filled(data: Path, long: Path) -> int:
    embedder = Counting()
    with closing(Store(data, embedder)) as store:
        Ingester(store, embedder).run([long])
        return store.ledger.overview().passages


def mended(data: Path) -> Counting:
    embedder = Counting()
    with closing(Store(data, embedder)) as store:
        assert Ingester(store, embedder).embed_pending()
        assert store.missing_vectors() == {} and store.ledger.pending() == []
    return embedder


def test_lost_vectors_are_copied_back(tmp_path: Path, long: Path) -> None:
    assert filled(tmp_path / "data", long) > 600
    shutil.rmtree(tmp_path / "data" / "vectors")
    assert mended(tmp_path / "data").texts == []


def test_a_damaged_file_of_kept_vectors_costs_time_and_nothing_else(tmp_path: Path, long: Path) -> None:
    passages = filled(tmp_path / "data", long)
    shutil.rmtree(tmp_path / "data" / "vectors")
    (tmp_path / "data" / "embeddings.sqlite").write_bytes(b"junk" * 5000)
    assert of_passages(mended(tmp_path / "data")) == passages


def test_a_kept_vector_of_another_text_is_not_taken(tmp_path: Path, long: Path) -> None:
    passages = filled(tmp_path / "data", long)
    with closing(sqlite3.connect(tmp_path / "data" / "library.sqlite")) as db:
        db.execute("UPDATE articles SET text = replace(text, 'bay', 'port')")
        db.commit()
    shutil.rmtree(tmp_path / "data" / "vectors")
    assert of_passages(mended(tmp_path / "data")) >= passages * 0.9


def test_a_long_article_can_be_stopped_tells_how_far_it_is_and_goes_on_from_there(
    tmp_path: Path, long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.article_embedding.MAX_SILENT_PASSAGES", 500)
    stop, told = Event(), list[Progress]()
    embedder = Counting(before=stop)
    with closing(Store(tmp_path / "data", embedder)) as store:
        report = Ingester(store, embedder, told.append, stop).run([long])
        passages = store.ledger.overview().passages
        assert report.stopped and len(store.ledger.pending()) == 1
    done = of_passages(embedder)
    assert 0 < done < passages / 2
    assert (done, passages) in {(p.done, p.total) for p in told if p.label.code == "embedding_passages"}
    assert of_passages(mended(tmp_path / "data")) == passages - done


def test_vectors_of_deleted_passages_are_not_kept(tmp_path: Path, long: Path) -> None:
    filled(tmp_path / "data", long)
    long.unlink()
    with closing(Store(tmp_path / "data", HashEmbedder())) as store:
        Ingester(store, HashEmbedder()).run([long])
    with closing(sqlite3.connect(tmp_path / "data" / "embeddings.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
