"""What the tests of Ollama models ask, and how they read the pieces of an answer."""

from __future__ import annotations

import socket

from rag.llm.generator import ChatMessage, Done, Model, Piece, Text, Thought
from rag.llm.ollama import Ollama
from rag.llm.ollama_generator import OllamaGenerator

PROMPT = [
    ChatMessage("system", "You answer questions from the passages of news articles."),
    ChatMessage(
        "user",
        "[2] The depot\nThe tram depot closed in 1994. A museum moved in.\n\n"
        "[1] The harbour\nThe harbour opened on Monday. The works cost 42 million crowns.\n\n"
        "Question: When did the harbour open?",
    ),
]
ANSWER = "The harbour opened on Monday [1]. The works cost 42 million crowns [1]."


def model(client: Ollama, name: str) -> Model:
    return next(model for model in client.models() if model.name == name)


def ask(client: Ollama, name: str, prompt: list[ChatMessage] = PROMPT, most: int = 200) -> list[Piece]:
    return list(OllamaGenerator(client, model(client, name)).stream(prompt, most))


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


def thoughts(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Thought))


def done(pieces: list[Piece]) -> Done:
    assert isinstance(pieces[-1], Done)
    assert sum(isinstance(piece, Done) for piece in pieces) == 1
    return pieces[-1]


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
