"""How the tests ask a model of an OpenAI-compatible server; ollama_asking has the question."""

from __future__ import annotations

from collections.abc import Sequence

from chat_server import ChatServer
from ollama_asking import PROMPT

from rag.llm.generator import ChatMessage, Piece
from rag.llm.openai_endpoint import Endpoint
from rag.llm.openai_generator import OpenAIGenerator
from rag.llm.openai_server import OpenAIServer


def client_of(server: ChatServer, key: str = "", **timeouts: float) -> OpenAIServer:
    return OpenAIServer(Endpoint(f"{server.url}/v1", key), **timeouts)


def generator(client: OpenAIServer, name: str) -> OpenAIGenerator:
    return OpenAIGenerator(client, next(model for model in client.models() if model.name == name))


def ask(
    client: OpenAIServer, name: str, prompt: Sequence[ChatMessage] = PROMPT, most: int = 200
) -> list[Piece]:
    return list(generator(client, name).stream(prompt, most))
