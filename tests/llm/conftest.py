"""A server that speaks as Ollama does, and its client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ollama_server import OllamaServer

from rag.llm.ollama import Ollama


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with OllamaServer() as running:
        yield running


@pytest.fixture
def client(server: OllamaServer) -> Iterator[Ollama]:
    opened = Ollama(server.host)
    yield opened
    opened.close()
