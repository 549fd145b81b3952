"""A shard that a killed process left damaged: its vectors are made anew, and nothing else is lost."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ShardDamaged
from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.article_embedding import Embedding
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]  # a thousand articles, and a process for every opening

_ROOT = Path(__file__).parents[2]
COUNT = 1100
"""Chroma writes an index to its files after 1,000 vectors."""
DAMAGE = [
    ("header.bin", "gone", False),
    ("data_level0.bin", "gone", False),
    ("header.bin", "half", False),  # Chroma's process would end with a segmentation fault
    ("link_lists.bin", "half", False),
    ("length.bin", "empty", False),
    ("data_level0.bin", "overwritten", False),  # Chroma's process may end
    ("index_metadata.pickle", "gone", True),  # Chroma begins anew and says nothing
]
"""A file of the index, what became of it, and whether the library knows that a process was killed."""
_OVERWRITTEN_BYTES = 800
"""Two whole elements of 396 bytes: hnswlib uses a part of an element's room for links only."""
QUESTION = "Which crane was mended on quay77?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a shard that is on disk, closed."""
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "articles").mkdir()
    for n in range(COUNT):
        (folder / "articles" / f"{n}.txt").write_text(
            f"Quay {n}\n\nThe crane on quay{n} was mended by crew {n % 7}."
        )
    store = Store(folder / "data", HashEmbedder())
    Ingester(store, HashEmbedder()).run([folder / "articles"])
    store.close()
    return folder


@pytest.fixture(params=DAMAGE, ids=lambda of: "-".join(map(str, of)))
def damaged(library: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A copy of it with a damaged file."""
    name, how, killed = request.param
    data = tmp_path / "data"
    shutil.copytree(library / "data", data)
    (file,) = data.rglob(name)
    whole = file.read_bytes()
    file.unlink()
    if how == "overwritten":
        file.write_bytes(whole[:2_000] + b"\xff" * _OVERWRITTEN_BYTES + whole[2_000 + _OVERWRITTEN_BYTES :])
    elif how != "gone":
        file.write_bytes(whole[: len(whole) // 2] if how == "half" else b"")
    with sqlite3.connect(data / "library.sqlite") as db:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('writing', ?)", ("en-0" if killed else "",))
    db.close()
    store = Store(data, HashEmbedder())
    yield store
    store.close()


def test_the_next_ingestion_makes_its_vectors_anew(damaged: Store, library: Path) -> None:
    (library / "articles" / "new.txt").write_text("Quay new\n\nThe crane on quaynew was painted.")
    Ingester(damaged, HashEmbedder()).run([library / "articles"])
    (library / "articles" / "new.txt").unlink()
    assert damaged.missing_vectors() == {}
    assert damaged.ledger.pending() == []
    assert damaged.ledger.overview().articles == COUNT + 1
    assert titles(damaged, "Which crane was painted on quaynew?")[0] == "Quay new"


def test_a_search_meets_no_error_and_the_vectors_are_due(damaged: Store) -> None:
    titles(damaged, QUESTION)
    assert damaged.ledger.pending(), "the page of articles says so, and offers to do it"
    damaged.recover(Embedding(HashEmbedder().embed_passages))
    assert damaged.missing_vectors() == {}
    assert titles(damaged, QUESTION)[0] == "Quay 77"


def test_a_check_tells_of_it(damaged: Store) -> None:
    (lost, stray) = damaged.missing_vectors()["en-0"]
    assert 0 < len(lost) <= COUNT
    assert not stray


def test_whoever_is_killed_after_a_change_is_over_leaves_no_doubt(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Quay 1\n\nThe crane was mended.")
    store = Store(tmp_path / "data", HashEmbedder())
    Ingester(store, HashEmbedder()).run([tmp_path / "one.txt"])
    assert store.ledger.meta("writing") == "en-0"
    store.flush()
    assert store.ledger.meta("writing") == ""
    store.close()


_KILLED = """
import os, signal, sys
from pathlib import Path
from rag.ingestion.ingester import Ingester
from rag.store.store import Store
from rag.testing import HashEmbedder
store = Store(Path(sys.argv[1]), HashEmbedder())
Ingester(store, HashEmbedder()).run([Path(sys.argv[2])])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_small_shard_of_a_killed_process_keeps_its_vectors(tmp_path: Path) -> None:
    """Chroma has written no index yet; its files are there, but hold nothing."""
    (tmp_path / "articles").mkdir()
    for n in range(300):
        (tmp_path / "articles" / f"{n}.txt").write_text(f"Quay {n}\n\nThe crane on quay{n} was mended.")
    command = [sys.executable, "-c", _KILLED, str(tmp_path / "data"), str(tmp_path / "articles")]
    assert subprocess.run(command, cwd=_ROOT, check=False).returncode == -signal.SIGKILL
    store = Store(tmp_path / "data", HashEmbedder())
    assert store.ledger.meta("writing") == "en-0", "the shard is examined"
    assert len([*store.vectors.ids("en-0")]) == 300
    assert store.ledger.pending() == []
    store.close()


def test_one_that_is_damaged_again_at_once_is_told(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise ShardDamaged("shard_damaged", shard="en-0", error="the disk is broken")

    store.vectors.upsert = broken  # type: ignore[method-assign]
    (tmp_path / "one.txt").write_text("Quay 1\n\nThe crane was mended.")
    with pytest.raises(ShardDamaged, match="repair"):
        Ingester(store, embedder).run([tmp_path / "one.txt"])


def titles(store: Store, question: str) -> list[str]:
    found = Retriever(store, HashEmbedder()).search(question, 5, language="en")
    assert all(np.isfinite(hit.score) for hit in found)
    return [hit.article.title for hit in found]
