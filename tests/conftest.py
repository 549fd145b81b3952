from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from examples import BRIDGE, HARBOUR, LIBRARY, HashEmbedder, write

from rag.store import Store


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of three articles in three languages."""
    return write(tmp_path / "articles", harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)


@pytest.fixture
def store(tmp_path: Path, embedder: HashEmbedder) -> Iterator[Store]:
    opened = Store(tmp_path / "data", embedder)
    yield opened
    opened.close()
