"""Files that should do harm: each comes in or is skipped with a reason, and costs nobody else anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import HARBOUR, HashEmbedder, write
from saved import hostile

from rag.ingesting import Ingestion
from rag.reading import Readers
from rag.store import Store


@pytest.mark.slow
def test_an_ingestion_goes_through_all_of_them(tmp_path: Path, store: Store, embedder: HashEmbedder) -> None:
    folder = write(tmp_path / "hostile", aaa=HARBOUR, zzz=HARBOUR)
    hostile.make(folder)
    for path in folder.iterdir():
        if not path.is_symlink() and path.stat().st_size > 100_000:  # only long, or slow
            path.unlink()
    readers = Readers()
    Ingestion(store, embedder, read=readers).run([folder])
    readers.close()
    sources = {*store.ledger.sources()}
    assert {str(folder / "aaa.txt"), str(folder / "zzz.txt"), str(folder / "new\nline.txt")} <= sources
    assert not any("link.txt" in source for source in sources), "it leads out of the folder"
    assert store.missing_vectors() == {}
    again = Ingestion(store, embedder).run([folder])
    assert (again.added, again.updated, again.removed) == (0, 0, 0), "nothing is tried twice"
