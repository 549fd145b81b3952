from __future__ import annotations

from collections.abc import Iterator

import pytest
from api_examples import ApiLibrary, client_of
from examples import BRIDGE, HARBOUR, LIBRARY
from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiLibrary]:
    """A library of four articles with two collections, and its API."""
    with ApiLibrary(tmp_path_factory.mktemp("api")) as opened:
        opened.add("ports", harbour=HARBOUR)
        opened.add("secret", bridge=BRIDGE, library=LIBRARY)
        yield opened


@pytest.fixture
def client(served: ApiLibrary, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A program on this machine, without a key."""
    return client_of(served, monkeypatch)
