from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from chroma_run import ChromaRun
from conversing import ScriptedConversations
from examples import BRIDGE, HARBOUR, LIBRARY, write
from hypothesis import settings

from rag.ingestion.ingester import Ingester
from rag.store.chroma_servers import FOLDER_ONLY, ChromaServers
from rag.store.store import Store
from rag.testing import HashEmbedder

# Every run tries the same inputs, so that a failure can be repeated; `make explore` tries others.
settings.register_profile("default", derandomize=True, deadline=None, max_examples=150)
settings.register_profile("fast", settings.get_profile("default"), max_examples=20)
settings.register_profile("explore", settings.get_profile("default"), derandomize=False, max_examples=3000)
settings.load_profile("default")


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[ScriptedConversations]:
    """The list of conversations, in a file of its own."""
    opened = ScriptedConversations(tmp_path / "conversations.sqlite")
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
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaRun]:
    """A Chroma server, started once in each process, by the first test that needs one."""
    server = ChromaRun(tmp_path_factory.mktemp("chroma"))
    yield server
    server.kill()


@pytest.fixture
def servers(request: pytest.FixtureRequest) -> ChromaServers:
    """None, unless a test is marked with `on_both`."""
    on_server = getattr(request, "param", "") == "server"
    return request.getfixturevalue("chroma").servers if on_server else FOLDER_ONLY


@pytest.fixture
def store(tmp_path: Path, embedder: HashEmbedder, servers: ChromaServers) -> Iterator[Store]:
    opened = Store(tmp_path / "data", embedder, servers=servers)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Store]]:
    """Index the given articles in a store of their own, for tests that only read."""
    with ExitStack() as stores:

        def run(**texts: str) -> Store:
            folder, embedder = tmp_path_factory.mktemp("indexed"), HashEmbedder()
            opened = Store(folder / "data", embedder)
            stores.callback(opened.close)
            Ingester(opened, embedder).run([write(folder / "articles", **texts)])
            return opened

        yield run


@pytest.fixture(scope="session")
def indexed(index: Callable[..., Store]) -> Store:
    """The three articles, indexed once in each process."""
    return index(harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)
