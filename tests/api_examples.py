"""A library with its API, and programs that ask it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from conversing import until
from examples import write
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rag.api.routes import api_routes
from rag.errors import ModelMissing
from rag.library import Library
from rag.llm.generator import ChatMessage, Done, Generator, Model, Piece, Text
from rag.llm.registry import Models
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted

QUESTION = "What did the works in the harbour of Kestrel Bay cost?"
ANSWER = "The works cost 42 million crowns. [1]"


class ScriptedModels(Models):
    """One model, `small`, that writes what it is told."""

    def __init__(self) -> None:
        self.generate: Callable[[], Generator] = lambda: Scripted(ANSWER)

    def list(self) -> list[Model]:
        return [Model(name="small", runtime="embedded", size=1)]

    def generator(self, name: str) -> Generator:
        self.find(name)
        return self.generate()

    def find(self, name: str) -> Model:
        if name != "small":
            raise ModelMissing("no_such_model", name=name, names="small")
        return self.list()[0]

    def digest(self, name: str) -> str:
        return ""

    def close(self) -> None:
        pass


class ApiLibrary(Library):
    """A library in a folder, with a scripted model."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(data=folder / "data", models=folder / "models", corpus=folder / "secret")
        self.scripted, embedder = ScriptedModels(), HashEmbedder()
        super().__init__(settings, Store(settings.data, embedder), embedder, self.scripted)

    def add(self, collection: str, **texts: str) -> None:
        """Index articles into a collection."""
        folder = write(self.settings.data.parent / collection, **texts)
        self.intake.ingest([folder], collection=collection)


def app_of(
    library: Library, address: str = "127.0.0.1", opens: Callable[[], Library] | None = None
) -> Starlette:
    return Starlette(routes=[*api_routes(opens or (lambda: library), lambda: address)])


def client_of(
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    key: str = "",
    address: str = "127.0.0.1",
    **settings: str,
) -> TestClient:
    """A program on this machine that asks the library's API."""
    monkeypatch.setenv("BYLINE_DATA", str(library.settings.data))
    for name, value in settings.items():
        monkeypatch.setenv(f"BYLINE_{name.upper()}", value)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return TestClient(
        app_of(library, address), "http://127.0.0.1:8501", headers=headers, client=("127.0.0.1", 50000)
    )


@contextmanager
def serving(library: Library, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Iterator[str]:
    """The API at a port of the loopback, for clients that want one; yields the address."""
    monkeypatch.setenv("BYLINE_DATA", str(library.settings.data))
    for name, value in settings.items():
        monkeypatch.setenv(f"BYLINE_{name.upper()}", value)
    config = uvicorn.Config(app_of(library), host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


class Patient(Scripted):
    """A model that writes a word every 20 ms for ten seconds, and notes that it was stopped before."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped = threading.Event()

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        try:
            for n in range(500):
                time.sleep(0.02)
                yield Text(f"word{n} ")
            yield Done(prompt_tokens=10)
        except GeneratorExit:
            self.stopped.set()
            raise
