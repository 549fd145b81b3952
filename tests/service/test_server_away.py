"""The app while a Chroma server is away: it says so, and completes what waits once the server is back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from chroma_run import ChromaRun
from examples import BRIDGE, HARBOUR, write

from rag.events import Answered
from rag.library import Library
from rag.llm.configured import models_of
from rag.service.background import BackgroundServices
from rag.service.client import RemoteLibrary
from rag.service.repair import faults
from rag.service.rpc import RpcClient
from rag.service.shared_library import INTERFACE
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # a Chroma server


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    assert holds()


def test_an_answer_says_it_and_what_waits_is_completed(
    tmp_path: Path, embedder: HashEmbedder, chroma: ChromaRun
) -> None:
    settings = Settings(data=tmp_path / "data", models=tmp_path / "models", chroma=chroma.address)
    store = Store(settings.data, embedder, servers=chroma.servers)
    with Library(settings, store, embedder, models_of(settings)) as library:
        library.ingest([write(tmp_path / "one", harbour=HARBOUR)])
        keeper = BackgroundServices(library, interval_s=0.3)
        keeper.start()
        chroma.kill()
        try:
            owner = RpcClient.reach(settings.data, INTERFACE)
            assert owner is not None
            remote = RemoteLibrary(owner)
            assert (
                remote.search("Who is the harbour master?", 1)[0].article.title == "The harbour opens again"
            )
            assert chroma.address in str(remote.notice())
            (*_, last) = library.ask("How many articles are there?")
            assert isinstance(last, Answered)
            assert any(chroma.address in str(warning) for warning in last.answer.warnings)
            assert any(chroma.address in str(fault) for fault in faults(store)), "`verify` says so, too"
            assert library.ingest([write(tmp_path / "two", bridge=BRIDGE)]).added == 1
            assert library.intake.unfinished() == 1
        finally:
            chroma.start()
        until(lambda: library.intake.unfinished() == 0 and library.notice() is None)
        keeper.close()
        assert store.missing_vectors() == {}
