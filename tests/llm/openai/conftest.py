"""A server that speaks as OpenAI-compatible ones do, and its client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chat_asking import client_of
from chat_server import ChatServer

from rag.llm.openai_server import OpenAIServer


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as running:
        yield running


@pytest.fixture
def client(server: ChatServer) -> Iterator[OpenAIServer]:
    opened = client_of(server)
    yield opened
    opened.close()
