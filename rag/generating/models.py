"""Which language models there are, and switching between them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from glob import escape
from hashlib import file_digest
from pathlib import Path
from typing import Protocol

from rag.errors import BylineError, ModelMissing, NotPermitted
from rag.generating import Generator, Message, Model, Piece
from rag.generating.llamacpp import LlamaCpp, embedded_models
from rag.generating.ollama import Ollama
from rag.progress import OnProgress, ignore

_PREFIX = "ollama:"
"""In front of a name: the Ollama server's model, where an embedded one is called the same."""


class Engine(Generator, Protocol):
    """A Generator that holds a model in memory until it is closed."""

    def close(self) -> None:
        """Free the memory."""
        ...


class Load(Protocol):
    """Loads an embedded model; takes seconds. Raises ModelMissing or EngineUnavailable."""

    def __call__(self, model: Model, *, context: int, threads: int | None) -> Engine:
        """Load `model` with a context in tokens."""
        ...


@dataclass(slots=True)
class _Loaded:
    """The engine in memory, and how many calls are using it."""

    model: Model
    engine: Engine
    users: int = 0
    retired: bool = False


class Models:
    """The GGUF files of a folder and the models of an Ollama server. Thread safe.

    One embedded model is in memory at a time. Another one takes its place when it is asked for; the
    first goes at once, or as soon as the answer that it is writing is complete.
    """

    def __init__(
        self, folder: Path, ollama: Ollama, context: int, threads: int | None, load: Load = LlamaCpp
    ) -> None:
        self._folder, self._ollama = folder, ollama
        self._context, self._threads, self._load = context, threads, load
        self._loaded: _Loaded | None = None
        self._state = threading.Lock()
        self._loading = threading.Lock()  # held for seconds, where _state never is

    def list(self) -> list[Model]:
        """Embedded models first, then the server's; no two have the same name."""
        embedded = [replace(m, loaded=self.holds(m)) for m in embedded_models(self._folder)]
        names = {model.name for model in embedded}
        served = self._ollama.models()
        return embedded + [replace(m, name=_PREFIX + m.name) if m.name in names else m for m in served]

    def find(self, name: str) -> Model:
        """The model of that name; an Ollama model also without `:latest`, or as `ollama:NAME`.

        Raises ModelMissing, naming what there is.
        """
        there = self.list()
        by_name = {m.name: m for m in there if m.runtime == "ollama"}
        by_name |= {_PREFIX + n: m for n, m in by_name.items()}
        by_name |= {m.name: m for m in there if m.runtime == "embedded"}
        if model := by_name.get(name) or by_name.get(f"{name}:latest"):
            return model
        raise ModelMissing(self._nothing_called(name, there))

    def generator(self, name: str) -> Generator:
        """The model of that name, ready to write; an embedded one is loaded when it is first used.

        Raises ModelMissing.
        """
        model = self.find(name)
        if model.runtime == "ollama":
            return self._ollama.generator(_as_served(model))
        return _Embedded(self, replace(model, loaded=False))

    @property
    def server_url(self) -> str:
        """The address of the Ollama server, whether one answers there or not."""
        return self._ollama.url

    def served(self) -> bool:
        """Whether an Ollama server answers."""
        return self._ollama.answers()

    def licence(self, model: Model) -> str:
        """What a model's server or file says of its licence; "" where nothing."""
        if model.runtime == "embedded":
            return model.licence
        try:
            return self._ollama.facts(_as_served(model)).licence
        except BylineError:
            return ""

    def digest(self, name: str) -> str:
        """The SHA-256 of a model's file, or what its server says it is. Raises ModelMissing."""
        model = self.find(name)
        return model.digest or (model.path and _sha256(model.path, model.path.stat().st_mtime_ns)) or ""

    def pull(self, name: str, on_progress: OnProgress = ignore) -> None:
        """Let the Ollama server fetch a model; see Ollama.pull."""
        self._ollama.pull(name.removeprefix(_PREFIX), on_progress)

    def remove(self, name: str) -> None:
        """Delete a model: its GGUF file, or from the Ollama server.

        Raises ModelMissing, NotPermitted or EngineUnavailable.
        """
        model = self.find(name)
        if model.path is None:
            self._ollama.remove(_as_served(model).name)
            return
        with self._loading:
            if self.holds(model):
                self._retire()
            try:
                for part in _parts(model.path):
                    part.unlink(missing_ok=True)
            except OSError as error:
                raise NotPermitted(f"{model.path} cannot be deleted: {error.strerror}.") from error

    def close(self) -> None:
        """Free the embedded model's memory and close the connections to the server."""
        with self._loading:
            self._retire()
        self._ollama.close()

    @contextmanager
    def engine(self, model: Model) -> Iterator[Engine]:
        """The engine of an embedded model, loaded if need be, which stays while it is in use."""
        loaded = self._acquire(model)
        try:
            yield loaded.engine
        finally:
            self._release(loaded)

    def _acquire(self, model: Model) -> _Loaded:
        with self._loading:
            with self._state:
                if self._loaded and self._loaded.model == model:
                    self._loaded.users += 1
                    return self._loaded
            self._retire()  # first, for two may not fit into memory
            engine = self._load(model, context=self._context, threads=self._threads)
            self._loaded = loaded = _Loaded(model, engine, users=1)
            return loaded

    def _release(self, loaded: _Loaded) -> None:
        with self._state:
            loaded.users -= 1
            unwanted = loaded.retired and not loaded.users
        if unwanted:
            loaded.engine.close()

    def _retire(self) -> None:
        """Let go of the engine in memory; the last of its users closes it."""
        with self._state:
            loaded, self._loaded = self._loaded, None
            if loaded is None:
                return
            loaded.retired = True
            unused = not loaded.users
        if unused:
            loaded.engine.close()

    def holds(self, model: Model) -> bool:
        """Whether an embedded model is in memory."""
        loaded = self._loaded
        return loaded is not None and loaded.model == replace(model, loaded=False)

    def _nothing_called(self, name: str, there: Sequence[Model]) -> str:
        names = ", ".join(model.name for model in there) or "none; `python -m rag setup` fetches one"
        if any(model.runtime == "ollama" for model in there):
            return f'There is no model "{name}". Models on this machine: {names}.'
        return (
            f'There is no model "{name}". Models on this machine: {names}. No Ollama server with models'
            f" answers at {self._ollama.url}."
        )


class _Embedded:
    """An embedded model: loaded when it is used, and again if another one took its place."""

    def __init__(self, models: Models, model: Model) -> None:
        self._models, self._model = models, model

    @property
    def model(self) -> Model:
        return replace(self._model, loaded=self._models.holds(self._model))

    def count_tokens(self, messages: Sequence[Message]) -> int:
        with self._models.engine(self._model) as engine:
            return engine.count_tokens(messages)

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[Piece]:
        with self._models.engine(self._model) as engine:
            yield from engine.stream(messages, max_tokens)


def _parts(path: Path) -> list[Path]:
    """All the files of a model that is stored in parts, else the one file."""
    if "-00001-of-" not in path.name:
        return [path]
    return list(path.parent.glob(escape(path.name).replace("-00001-of-", "-?????-of-")))


@cache
def _sha256(path: Path, _modified_ns: int) -> str:
    """Read once for each state of the file; a gigabyte takes about a second."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _as_served(model: Model) -> Model:
    """An Ollama model under the name that its server knows."""
    return replace(model, name=model.name.removeprefix(_PREFIX))
