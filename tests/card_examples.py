"""A library that is measured, without models: a quick encoder, and an engine that knows some answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engines import gguf

from rag.evaluation.examined_library import ExaminedLibrary
from rag.events import Event
from rag.llm.generator import ChatMessage, Done, Model, Piece, Text
from rag.llm.ollama import Ollama
from rag.llm.registry import Models
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters, Turn

MODEL = "knowing"


class Knows:
    """An engine that writes what it knows for a question, word by word; a failure where that is one."""

    def __init__(self, model: Model, replies: Mapping[str, str | Exception]) -> None:
        self.model, self._replies, self.alive = model, replies, True

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        return sum(len(message.content.split()) for message in messages)

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        asked = messages[-1].content
        reply = next((reply for key, reply in self._replies.items() if key in asked), "Nobody knows.")
        if isinstance(reply, Exception):
            raise reply
        for word in reply.split(" "):
            yield Text(f"{word} ")
        yield Done(prompt_tokens=self.count_tokens(messages))

    def close(self) -> None:
        pass


class Remembering(ExaminedLibrary):
    """Remembers the conversations that came before its questions."""

    histories: list[Sequence[Turn]]

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        model: str | None = None,
        filters: Filters = Filters(),
    ) -> Iterator[Event]:
        self.histories = [*getattr(self, "histories", []), history]
        return super().ask(question, history, model, filters)


def knowing(folder: Path, replies: Mapping[str, str | Exception], **settings: int) -> Remembering:
    """An open library whose one model knows these replies, by a part of the question."""
    gguf(folder / "models", MODEL)
    models = Models(
        folder / "models",
        Ollama("http://127.0.0.1:9"),
        4096,
        None,
        load=lambda model, *, context, threads: Knows(model, replies),
    )
    made = Settings(data=folder / "library", models=folder / "models").model_copy(update=settings)
    embedder = HashEmbedder()
    return Remembering(made, Store(made.data, embedder), embedder, models)
