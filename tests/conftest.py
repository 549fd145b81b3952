from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import databases
import pytest
from chroma_run import ChromaRun
from conversing import ScriptedConversations
from examples import BRIDGE, HARBOUR, LIBRARY, write
from hypothesis import settings

from rag.store.chroma_servers import FOLDER_ONLY, ChromaServers
from rag.store.database import ServerDatabase
from rag.store.open_database import open_server
from rag.store.store import Store
from rag.testing import HashEmbedder

# Every run tries the same inputs, so that a failure can be repeated; `make explore` tries others.
settings.register_profile("default", derandomize=True, deadline=None, max_examples=150)
settings.register_profile("fast", settings.get_profile("default"), max_examples=20)
settings.register_profile("explore", settings.get_profile("default"), derandomize=False, max_examples=3000)
settings.load_profile("default")


@pytest.fixture
def place(tmp_path: Path, database: str) -> Iterator[Path | ServerDatabase]:
    """A file, or for folders that run on both engines (databases.py) a server."""
    if not database:
        yield tmp_path / "kept.sqlite"
        return
    with closing(open_server(database)) as server:
        yield server


@pytest.fixture
def conversations(place: Path | ServerDatabase) -> Iterator[ScriptedConversations]:
    """The list of conversations, at a place of its own."""
    opened = ScriptedConversations(place)
    yield opened
    opened.close()


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of three articles in three languages."""
    return write(tmp_path / "articles", harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)


@pytest.fixture(scope="session")
def shared_chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaRun]:
    """A Chroma server, started once in each process, by the first test that needs one."""
    server = ChromaRun(tmp_path_factory.mktemp("chroma"))
    yield server
    server.kill()


@pytest.fixture
def chroma(shared_chroma: ChromaRun) -> ChromaRun:
    """The server of this process, which is started again if an earlier test has ended it."""
    shared_chroma.revive()
    return shared_chroma


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database: SQLite's, but for folders that run on both engines (databases.py)."""
    with databases.opened(getattr(request, "param", "sqlite")) as address:
        yield address


@pytest.fixture
def servers(request: pytest.FixtureRequest) -> ChromaServers:
    """None, unless a test is marked with `on_both`."""
    on_server = getattr(request, "param", "") == "server"
    return request.getfixturevalue("chroma").servers if on_server else FOLDER_ONLY


@pytest.fixture
def store(tmp_path: Path, embedder: HashEmbedder, database: str, servers: ChromaServers) -> Iterator[Store]:
    opened = Store(tmp_path / "data", embedder, database=database, servers=servers)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Store]]:
    """Index the given articles in a store of their own, for tests that only read."""
    yield from databases.indexes(tmp_path_factory, "sqlite")


@pytest.fixture(scope="session")
def indexed(index: Callable[..., Store]) -> Store:
    """The three articles, indexed once in each process."""
    return index(harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)
