"""These tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import databases
import pytest
from examples import BRIDGE, HARBOUR, LIBRARY

from rag.store.store import Store


@pytest.fixture(scope="module", params=databases.ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(engine: str) -> Iterator[str]:
    with databases.opened(engine) as address:
        yield address


@pytest.fixture(scope="module")
def index(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Store]]:
    yield from databases.indexes(tmp_path_factory, engine)


@pytest.fixture(scope="module")
def indexed(index: Callable[..., Store]) -> Store:
    return index(harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)
