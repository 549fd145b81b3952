from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rpc_examples import INTERFACE, Works

from rag.service.rpc import RpcClient, RpcServer


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.fixture
def desk(tmp_path: Path, works: Works) -> Iterator[RpcServer]:
    opened = RpcServer(tmp_path, INTERFACE, {"works": works})
    yield opened
    opened.close()


@pytest.fixture
def owner(tmp_path: Path, desk: RpcServer) -> RpcClient:
    found = RpcClient.reach(tmp_path, INTERFACE)
    assert found is not None
    return found
