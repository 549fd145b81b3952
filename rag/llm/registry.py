"""The registry of language models, and loading of embedded ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rag.errors import BylineError, EngineUnavailable, ModelMissing, NotPermitted
from rag.llm.generator import ChatMessage, Generator, Model, Piece
from rag.llm.gguf import parts, sha256
from rag.llm.llamacpp import LlamaCpp, embedded_models
from rag.llm.model_source import source_path
from rag.llm.ollama import Ollama
from rag.llm.ollama_generator import OllamaGenerator
from rag.llm.openai_generator import OpenAIGenerator
from rag.llm.openai_server import OpenAIServer
from rag.locales.message import Message
from rag.progress import OnProgress, ignore

_PREFIX = "ollama:"
"""Prefix of an Ollama model whose name is also that of an embedded model."""


class Engine(Generator, Protocol):
    """A Generator whose model stays in memory until it is closed."""

    @property
    def alive(self) -> bool:
        """Whether it can generate; an engine whose process has ended cannot."""
        ...

    def close(self) -> None:
        """Free the memory."""
        ...


class Load(Protocol):
    """Loads an embedded model, in seconds. Raises ModelMissing or EngineUnavailable."""

    def __call__(self, model: Model, *, context: int, threads: int | None) -> Engine:
        """Load `model` with a context in tokens."""
        ...


@dataclass(slots=True)
class _Loaded:
    """The engine in memory, and the number of calls that use it."""

    model: Model
    engine: Engine
    users: int = 0
    retired: bool = False


class Models:
    """The GGUF files of a folder and the models of servers: Ollama, and OpenAI-compatible ones. Thread safe.

    At most one embedded model is in memory. Using another one unloads it, at once or after the answer that it
    is generating.
    """

    def __init__(
        self,
        folder: Path,
        ollama: Ollama,
        context: int,
        threads: int | None,
        load: Load = LlamaCpp,
        servers: Sequence[OpenAIServer] = (),
    ) -> None:
        self._folder, self._ollama = folder, ollama
        self._servers = {server.endpoint.label: server for server in servers}
        self._context, self._threads, self._load = context, threads, load
        self._loaded: _Loaded | None = None
        self._used: dict[str, Model] = {}
        self._state = threading.Lock()
        self._loading = threading.Lock()  # held for seconds, unlike _state

    def list(self) -> list[Model]:
        """Return all models, embedded ones first; names are unique.

        With several OpenAI-compatible servers, each name contains the server: otherwise a name would refer to
        another machine when its server goes away.
        """
        embedded = [replace(m, loaded=self.holds(m)) for m in embedded_models(self._folder)]
        names = {model.name for model in embedded}
        ollama = self._ollama.models()
        found = embedded + [replace(m, name=_PREFIX + m.name) if m.name in names else m for m in ollama]
        names = {model.name for model in found}
        for model in self._openai_models():
            name = _qualified_name(model) if len(self._servers) > 1 or model.name in names else model.name
            found += [replace(model, name=name)] if name not in names else []
            names.add(name)
        return found

    def troubles(self) -> Sequence[BylineError]:
        """Return the errors of OpenAI-compatible servers whose models are missing from the last list."""
        return [server.trouble for server in self._servers.values() if server.trouble]

    def _openai_models(self) -> Iterator[Model]:
        """Yield the models of the OpenAI-compatible servers, which are queried in parallel."""
        if self._servers:
            with ThreadPoolExecutor(len(self._servers)) as pool:
                for models in pool.map(OpenAIServer.models, self._servers.values()):
                    yield from models

    def find(self, name: str) -> Model:
        """Return a model by name.

        An Ollama model is found with and without `:latest` and the prefix `ollama:`, one of another server
        with and without `@HOST:PORT`. Raises ModelMissing, whose message lists the models, or
        EngineUnavailable where a server that may have the model does not answer.
        """
        for embedded in embedded_models(self._folder):
            if embedded.name == name:  # without asking the servers for theirs
                return replace(embedded, loaded=self.holds(embedded))
        models = self.list()
        served = [m for m in models if m.runtime == "openai"]
        by_name = {_unqualified(m).name: m for m in reversed(served)}
        by_name |= {_qualified_name(_unqualified(m)): m for m in served}
        by_name |= {m.name: m for m in models if m.runtime == "ollama"}
        by_name |= {_PREFIX + n: m for n, m in by_name.items()}
        if model := by_name.get(name) or by_name.get(f"{name}:latest"):
            return model
        raise self._missing(name, models)

    def generator(self, name: str) -> Generator:
        """Return a generator by the model's name; an embedded model is loaded on first use.

        Raises as `find` does.
        """
        self._used[name] = model = self.find(name)
        if model.runtime == "ollama":
            return OllamaGenerator(self._ollama, _unqualified(model))
        if model.runtime == "openai":
            return OpenAIGenerator(self._servers[model.server], _unqualified(model))
        return _EmbeddedGenerator(self, replace(model, loaded=False))

    @property
    def server_url(self) -> str:
        """URL of the Ollama server, which may not be running."""
        return self._ollama.url

    def is_ollama_running(self) -> bool:
        """Tell whether an Ollama server answers."""
        return self._ollama.trouble() is None

    def licence(self, model: Model) -> str:
        """Return the licence in a model's metadata; "" where it is missing."""
        if model.runtime != "ollama":
            return model.licence
        try:
            return self._ollama.details(_unqualified(model)).licence
        except BylineError:
            return ""

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a model's file, or the server's digest.

        A model that was used keeps its digest when the server goes away; otherwise raises ModelMissing or
        EngineUnavailable.
        """
        try:
            model = self.find(name)
        except BylineError:
            used = self._used.get(name)
            if used is None or not used.digest:
                raise
            return used.digest
        return model.digest or (model.path and sha256(model.path)) or ""

    def pull(self, name: str, on_progress: OnProgress = ignore) -> None:
        """Have the Ollama server download a model; see Ollama.pull."""
        self._ollama.pull(name.removeprefix(_PREFIX), on_progress)

    def remove(self, name: str) -> None:
        """Delete a model's GGUF file, or a model of the Ollama server.

        Raises ModelMissing, NotPermitted or EngineUnavailable.
        """
        model = self.find(name)
        if model.runtime == "openai":
            raise NotPermitted("openai_keeps", name=_unqualified(model).name, url=model.server)
        if model.path is None:
            self._ollama.remove(_unqualified(model).name)
            return
        with self._loading:
            if self.holds(model):
                self._retire()
            try:
                for part in parts(model.path):
                    part.unlink(missing_ok=True)
                source_path(model.path).unlink(missing_ok=True)
            except OSError as error:
                raise NotPermitted("model_denied", path=model.path, why=error.strerror) from error

    def close(self) -> None:
        """Free the embedded model's memory and close the connections to the server."""
        with self._loading:
            self._retire()
        self._ollama.close()
        for server in self._servers.values():
            server.close()

    @contextmanager
    def engine(self, model: Model) -> Iterator[Engine]:
        """Yield the engine of an embedded model, loading it if necessary; it stays loaded in the block."""
        loaded = self._acquire(model)
        try:
            yield loaded.engine
        finally:
            self._release(loaded)

    def _acquire(self, model: Model) -> _Loaded:
        with self._loading:
            with self._state:
                if self._loaded and self._loaded.model == model and self._loaded.engine.alive:
                    self._loaded.users += 1
                    return self._loaded
            self._retire()  # before loading: two models may not fit into memory
            engine = self._load(model, context=self._context, threads=self._threads)
            self._loaded = loaded = _Loaded(model, engine, users=1)
            return loaded

    def _release(self, loaded: _Loaded) -> None:
        with self._state:
            loaded.users -= 1
            unused = loaded.retired and not loaded.users
        if unused:
            loaded.engine.close()

    def _retire(self) -> None:
        """Unload the engine, at once or when its last user is done."""
        with self._state:
            loaded, self._loaded = self._loaded, None
            if loaded is None:
                return
            loaded.retired = True
            unused = not loaded.users
        if unused:
            loaded.engine.close()

    def holds(self, model: Model) -> bool:
        """Tell whether an embedded model is in memory."""
        loaded = self._loaded
        return loaded is not None and loaded.engine.alive and loaded.model == replace(model, loaded=False)

    def _missing(self, name: str, models: Sequence[Model]) -> BylineError:
        names = ", ".join(model.name for model in models) or Message.of("no_models_at_all")
        served = any(model.runtime == "ollama" for model in models)
        trouble = next(iter(self.troubles()), None) or (None if served else self._ollama.trouble())
        if trouble:
            return EngineUnavailable("no_such_model_silent", name=name, names=names, why=trouble.message)
        return ModelMissing("no_such_model", name=name, names=names)


class _EmbeddedGenerator:
    """An embedded model that is loaded on use, and again after another one has replaced it."""

    def __init__(self, models: Models, model: Model) -> None:
        self._models, self._model = models, model

    @property
    def model(self) -> Model:
        return replace(self._model, loaded=self._models.holds(self._model))

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        with self._models.engine(self._model) as engine:
            return engine.count_tokens(messages)

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        with self._models.engine(self._model) as engine:
            yield from engine.stream(messages, max_tokens)


def _unqualified(model: Model) -> Model:
    """Return a model under its name at its server."""
    if model.runtime == "openai":
        return replace(model, name=model.name.removesuffix(f"@{model.server}"))
    return replace(model, name=model.name.removeprefix(_PREFIX))


def _qualified_name(model: Model) -> str:
    """Return a model's name with its server's, as in "qwen3@127.0.0.1:8000"."""
    return f"{model.name}@{model.server}"
