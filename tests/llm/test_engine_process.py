from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from rag.llm import engine_process
from rag.llm.engine_process import EngineArguments, EngineProcess

AMBER, JADE = (EngineArguments(f"{name}.gguf", 4096, 2) for name in ("amber", "jade"))
SERVER = "import sys; print('http://' + sys.stdin.readline().strip()); sys.stdout.flush(); sys.stdin.read()"


@pytest.fixture(autouse=True)
def _server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(engine_process, "COMMAND", (sys.executable, "-c", SERVER))
    yield
    EngineProcess.end_early()


def test_a_process_that_was_started_early_serves_the_model_that_it_has_loaded() -> None:
    EngineProcess.start_early(AMBER)
    process = EngineProcess.started(AMBER)
    address = process.address()
    assert "amber.gguf" in address and process.key in address
    other = EngineProcess.started(AMBER)  # the first one is in use
    assert other is not process and process.alive
    for one in (process, other):
        one.end()


def test_a_process_for_another_model_ends() -> None:
    EngineProcess.start_early(AMBER)
    early = EngineProcess._early
    jade = EngineProcess.started(JADE)
    assert "jade.gguf" in jade.address()
    assert early is not None and not early.alive
    jade.end()
