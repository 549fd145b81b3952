"""Ask a model of a registry."""

from __future__ import annotations

from rag.llm.generator import ChatMessage, Done, Text
from rag.llm.registry import Models

PROMPT = [ChatMessage("user", "[1] The harbour\nThe harbour opened on Monday. It rained.")]


def ask(models: Models, name: str) -> str:
    pieces = list(models.generator(name).stream(PROMPT, 50))
    assert isinstance(pieces[-1], Done)
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))
