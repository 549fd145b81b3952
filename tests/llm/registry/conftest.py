"""Models in a folder and on an Ollama server, with an engine that records what it loads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import Loader, gguf
from ollama_models import ServedModel
from ollama_server import OllamaServer

from rag.llm.ollama import Ollama
from rag.llm.registry import Models


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with OllamaServer([ServedModel("writer:1.5b"), ServedModel("second:latest")]) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gguf(tmp_path / "models", "amber")
    gguf(tmp_path / "models", "birch")
    return tmp_path / "models"


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def models(folder: Path, server: OllamaServer, loader: Loader) -> Iterator[Models]:
    opened = Models(folder, Ollama(server.host, request_timeout=0.5), 4096, 2, loader)
    yield opened
    opened.close()
