"""Client of an Ollama server.

Names and messages from a server are untrusted: they are truncated and stripped of control characters before
they are shown.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import httpx
from pydantic import BaseModel

from rag.errors import BylineError, EngineUnavailable, FetchError, Interrupted, ModelMissing
from rag.events import Loading
from rag.llm import tls
from rag.llm.generator import ChatMessage, Model
from rag.llm.ollama_errors import byline_error, failures
from rag.llm.ollama_loading import load
from rag.llm.ollama_names import is_loopback, is_name, is_pullable, licence_title, plain, server_url
from rag.llm.prompt_prefixes import PromptPrefixes
from rag.llm.thinking import opens_thinking
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore

if TYPE_CHECKING:
    import ollama

T = TypeVar("T")


class _Details(BaseModel):
    parameter_size: str | None = None
    quantization_level: str | None = None
    context_length: int | None = None


class _Tag(BaseModel):
    """A model in the response of /api/tags; the client's own class omits `capabilities`."""

    name: str
    size: int = 0
    digest: str = ""
    details: _Details = _Details()
    capabilities: list[str] | None = None
    remote_host: str | None = None


class _Tags(BaseModel):
    models: list[_Tag]


class ModelDetails(NamedTuple):
    """The details of a model from /api/show.

    `opens_thinking`: the prompt template opens the block of reasoning. `licence` is the title of the licence,
    "" without one.
    """

    capabilities: Sequence[str] = ()
    context: int | None = None
    opens_thinking: bool = False
    licence: str = ""

    @property
    def thinks(self) -> bool:
        """Tell whether the server separates thoughts from the answer."""
        return "thinking" in self.capabilities


class Ollama:
    """One server. `host` has the form of OLLAMA_HOST.

    `stream_timeout` applies between tokens, `request_timeout` to requests that a server answers at once; both
    are in seconds.
    """

    def __init__(self, host: str, *, stream_timeout: float = 120, request_timeout: float = 5) -> None:
        self.url = server_url(host)
        self._details: dict[str, ModelDetails] = {}
        self._listed: list[Model] = []
        self.prompts = PromptPrefixes()
        self._stream_timeout, self._request_timeout = stream_timeout, request_timeout

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine."""
        return is_loopback(self.url)

    @cached_property
    def _common(self) -> dict[str, Any]:
        """The options of every client."""
        local = self.is_local  # no proxy between this machine and itself
        return {"trust_env": not local, "verify": tls.context()}

    @cached_property
    def _tags(self) -> httpx.Client:
        timeout = httpx.Timeout(self._request_timeout, connect=1)
        return httpx.Client(base_url=self.url, timeout=timeout, **self._common)

    @cached_property
    def _requests(self) -> ollama.Client:
        return self._client(self._request_timeout, 1)

    @cached_property
    def _chat(self) -> ollama.Client:
        return self._client(self._stream_timeout, 5)

    @cached_property
    def _pull(self) -> ollama.Client:
        return self._client(600, 5)  # verifying 40 GB takes minutes without a message

    def _client(self, read: float, connect: float) -> ollama.Client:
        import ollama

        return ollama.Client(self.url, timeout=httpx.Timeout(read, connect=connect), **self._common)

    def close(self) -> None:
        """Close the connections."""
        for name in ("_tags", "_requests", "_chat", "_pull"):
            if client := self.__dict__.get(name):
                client.close()

    def models(self) -> list[Model]:
        """Return the server's language models; none where no server answers.

        A server that is too busy to answer in time keeps those of the last list: the page would otherwise
        pick another model. Embedding models and those that the server forwards to a cloud are left out.
        """
        try:
            answer = self._tags.get("/api/tags").raise_for_status()
            tags = _Tags.model_validate(answer.json()).models
        except httpx.TimeoutException:
            return self._listed
        except failures():
            return []
        loaded = self._running() or {}
        found = (self._model(tag, tag.name in loaded) for tag in tags if not tag.remote_host)
        self._listed = [model for model in found if model]
        return self._listed

    def trouble(self) -> BylineError | None:
        """Return why no server answers; None where one does."""
        try:
            self._tags.get("/api/version").raise_for_status()
        except failures() as error:
            return byline_error(error, self.url, "", EngineUnavailable)
        return None

    def pull(self, name: str, on_progress: OnProgress = ignore) -> None:
        """Have the server download a model. Raises FetchError, DiskFull or EngineUnavailable.

        The server keeps an incomplete download, so that pulling again resumes it.
        """
        if not is_pullable(name):
            raise FetchError("ollama_not_pullable", name=plain(name))
        layers: dict[str, tuple[int, int]] = {}
        status = ""
        with closing(
            self._guarded(self._pull.pull(name, stream=True), name, FetchError, FetchError)
        ) as reports:
            for report in reports:
                status = report.status or ""
                if report.total:
                    layers[report.digest or ""] = report.completed or 0, report.total
                action = "verifying" if status.startswith("verifying") else "pulling"
                done, total = (sum(layer[i] for layer in layers.values()) for i in (0, 1))
                on_progress(Progress(Message.of(action, name=name), done, total, "bytes"))
        if status != "success":
            raise FetchError("ollama_stopped", name=name)

    def remove(self, name: str) -> None:
        """Delete a model from the server. Raises ModelMissing or EngineUnavailable."""
        if not is_name(name):
            raise ModelMissing("ollama_not_a_name", name=plain(name))
        try:
            self._chat.delete(name)
        except failures() as error:
            raise byline_error(error, self.url, name, EngineUnavailable) from error

    def details(self, model: Model) -> ModelDetails:
        """Return what /api/show reports, cached. Raises ModelMissing or EngineUnavailable."""
        key = model.digest or model.name
        if key not in self._details:
            try:
                response = self._requests.show(model.name)
            except failures() as error:
                raise byline_error(error, self.url, model.name, EngineUnavailable) from error
            info = response.modelinfo or {}
            context = info.get(f"{info.get('general.architecture')}.context_length")
            self._details[key] = ModelDetails(
                capabilities=response.capabilities or [],
                context=context if isinstance(context, int) else None,
                opens_thinking=opens_thinking(response.template or ""),
                licence=licence_title(response.license or ""),
            )
        return self._details[key]

    def window(self, name: str) -> int | None:
        """Return the context allocated for a loaded model, in tokens; None where unknown."""
        return (self._running() or {}).get(name)

    def load(self, name: str, options: Mapping[str, float]) -> Iterator[Loading]:
        """Load a model, yielding about every second; ends at once if it is loaded with these options.

        Closing the iterator makes the server drop the load. Raises ModelMissing or EngineUnavailable.
        """

        import ollama

        def client(timeout: httpx.Timeout) -> ollama.AsyncClient:
            return ollama.AsyncClient(self.url, timeout=timeout, **self._common)

        def is_listed() -> bool | None:
            running = self._running()
            return None if running is None else name in running

        try:
            yield from load(client, name, options, is_listed, self._stream_timeout)
        except failures() as error:
            raise byline_error(error, self.url, name, EngineUnavailable) from error

    def chat(
        self, name: str, messages: Sequence[ChatMessage], options: Mapping[str, float]
    ) -> Generator[ollama.ChatResponse, None, None]:
        """Stream the parts of an answer, the last one with `done`; closing the iterator disconnects."""
        chat = [asdict(m) for m in messages]
        # Servers before 0.12.11 ignore `logprobs`.
        parts = self._chat.chat(name, chat, stream=True, options=options, logprobs=True)
        with closing(self._guarded(parts, name, EngineUnavailable, Interrupted)) as guarded:
            for part in guarded:
                yield part
                if part.done:
                    return
        # ollama.Client does not report a stream that ends early.
        raise Interrupted("ollama_hung_up", name=name)

    def _running(self) -> dict[str | None, int | None] | None:
        """Return the context lengths of models in memory or being loaded, by name; None without an answer."""
        try:
            return {model.model: model.context_length for model in self._requests.ps().models}
        except failures():
            return None

    def _model(self, tag: _Tag, loaded: bool) -> Model | None:
        if not is_name(tag.name):
            return None
        model = Model(
            name=tag.name,
            runtime="ollama",
            size=tag.size,
            parameters=plain(tag.details.parameter_size or ""),
            quantisation=plain(tag.details.quantization_level or ""),
            context=tag.details.context_length,
            digest=tag.digest,
            loaded=loaded,
            server=httpx.URL(self.url).netloc.decode(),
            remote=not self.is_local,
        )
        details = ModelDetails(tag.capabilities or (), model.context)
        if not (details.capabilities and details.context):
            try:
                details = self.details(model)
            except BylineError:
                return model  # it remains listed; using it raises the error
        if "completion" not in (tag.capabilities or details.capabilities or ["completion"]):
            return None
        return replace(model, context=model.context or details.context)

    def _guarded(
        self, parts: Iterator[T], name: str, early: type[BylineError], late: type[BylineError]
    ) -> Generator[T, None, None]:
        """Yield parts; a failure raises `early` before the first part, `late` after it."""
        started = False
        try:
            with closing(cast(Generator[T, None, None], parts)):
                for part in parts:
                    started = True
                    yield part
        except failures() as error:
            raise byline_error(error, self.url, name, late if started else early) from error
