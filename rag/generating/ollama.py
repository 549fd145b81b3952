"""The models of an Ollama server.

Names and messages that come from a server are other people's text: they are cut short and rid of
control characters before anyone sees them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from functools import cache
from ssl import SSLContext
from typing import Any, TypeVar, cast

import httpx
import ollama
from pydantic import BaseModel

from rag.errors import (
    BylineError,
    DiskFull,
    EngineUnavailable,
    FetchError,
    Interrupted,
    ModelMissing,
    PromptTooLong,
)
from rag.generating import Message, Model
from rag.generating.ollama_generator import Facts, OllamaGenerator
from rag.generating.ollama_names import is_loopback, is_name, is_pullable, plain, server_url, titled
from rag.generating.thinking import opens_thinking
from rag.progress import OnProgress, Progress, ignore

_FAILURES = (
    httpx.HTTPError,
    ollama.ResponseError,
    ConnectionError,
    ValueError,
    TypeError,
    AttributeError,
)
"""What ollama.Client raises; the last three where an answer is not of the form that it expects."""

_SAME = 0.3
"""Share of a prompt in which two with other passages have begun to differ."""

T = TypeVar("T")


@cache
def _tls() -> SSLContext:
    """Made once: it takes 30 ms, and a client makes its own."""
    return httpx.create_ssl_context()


class _Details(BaseModel):
    parameter_size: str | None = None
    quantization_level: str | None = None
    context_length: int | None = None


class _Tag(BaseModel):
    """A model as /api/tags lists it; the client's own class drops what it can do."""

    name: str
    size: int = 0
    digest: str = ""
    details: _Details = _Details()
    capabilities: list[str] | None = None
    remote_host: str | None = None


class _Tags(BaseModel):
    models: list[_Tag]


class Ollama:
    """One server. `host` is written as OLLAMA_HOST; `patience` is seconds between two tokens."""

    def __init__(self, host: str, *, patience: float = 120) -> None:
        self.url = server_url(host)
        self._facts: dict[str, Facts] = {}
        self._prompts: dict[str, str] = {}
        common: Any = {
            "trust_env": not is_loopback(self.url),  # no proxy between this machine and itself
            "verify": _tls(),
        }

        def client(read: float, connect: float) -> ollama.Client:
            return ollama.Client(self.url, timeout=httpx.Timeout(read, connect=connect), **common)

        self._tags = httpx.Client(base_url=self.url, timeout=httpx.Timeout(5, connect=1), **common)
        self._glance, self._chat = client(5, 1), client(patience, 5)
        self._pull = client(600, 5)  # a server that verifies 40 GB is silent for minutes

    def close(self) -> None:
        """Close the connections."""
        for client in (self._tags, self._glance, self._chat, self._pull):
            client.close()

    def models(self) -> list[Model]:
        """The models that write text and run on the server itself; none where no server answers.

        Embedding models are left out, and models that the server only passes on to a cloud.
        """
        try:
            answer = self._tags.get("/api/tags").raise_for_status()
            tags = _Tags.model_validate(answer.json()).models
        except _FAILURES:
            return []
        loaded = self._running()
        found = (self._model(tag, tag.name in loaded) for tag in tags if not tag.remote_host)
        return [model for model in found if model]

    def answers(self) -> bool:
        """Whether a server answers at all, with models or without."""
        try:
            self._tags.get("/api/version").raise_for_status()
        except _FAILURES:
            return False
        return True

    def generator(self, model: Model) -> OllamaGenerator:
        """A Generator for one of `models()`. Asks the server nothing yet."""
        return OllamaGenerator(self, model)

    def pull(self, name: str, on_progress: OnProgress = ignore) -> None:
        """Let the server fetch a model. Raises FetchError, DiskFull or EngineUnavailable.

        It keeps what has come, so that pulling the same again goes on from there.
        """
        if not is_pullable(name):
            raise FetchError(f'"{plain(name)}" is no model to pull. Write NAME:TAG, or hf.co/USER/NAME:TAG.')
        layers: dict[str, tuple[int, int]] = {}
        status = ""
        with closing(
            self._guarded(self._pull.pull(name, stream=True), name, FetchError, FetchError)
        ) as reports:
            for report in reports:
                status = report.status or ""
                if report.total:
                    layers[report.digest or ""] = report.completed or 0, report.total
                doing = "Verifying" if status.startswith("verifying") else "Pulling"
                done, total = (sum(layer[i] for layer in layers.values()) for i in (0, 1))
                on_progress(Progress(f"{doing} {name}", done, total, "bytes"))
        if status != "success":
            raise FetchError(
                f"The Ollama server stopped before {name} was whole. Pull it again: it will go on."
            )

    def remove(self, name: str) -> None:
        """Delete a model from the server. Raises ModelMissing or EngineUnavailable."""
        if not is_name(name):
            raise ModelMissing(f'"{plain(name)}" is not the name of an Ollama model.')
        try:
            self._chat.delete(name)
        except _FAILURES as error:
            raise self._explained(error, name, EngineUnavailable) from error

    def facts(self, model: Model) -> Facts:
        """What /api/show says of a model; asked once. Raises ModelMissing or EngineUnavailable."""
        key = model.digest or model.name
        if key not in self._facts:
            try:
                shown = self._glance.show(model.name)
            except _FAILURES as error:
                raise self._explained(error, model.name, EngineUnavailable) from error
            info = shown.modelinfo or {}
            context = info.get(f"{info.get('general.architecture')}.context_length")
            self._facts[key] = Facts(
                capabilities=shown.capabilities or [],
                context=context if isinstance(context, int) else None,
                opened=opens_thinking(shown.template or ""),
                licence=titled(shown.license or ""),
            )
        return self._facts[key]

    def window(self, name: str) -> int | None:
        """The context set up for a loaded model, in tokens; None where the server does not say."""
        return self._running().get(name)

    def chat(
        self, name: str, messages: Sequence[Message], options: Mapping[str, float]
    ) -> Generator[ollama.ChatResponse, None, None]:
        """The parts of an answer, the last one with `done`; closing the iterator hangs up."""
        asked = [asdict(m) for m in messages]
        # A server before 0.12.11 does not know of logprobs and sends none.
        parts = self._chat.chat(name, asked, stream=True, options=options, logprobs=True)
        with closing(self._guarded(parts, name, EngineUnavailable, Interrupted)) as guarded:
            for part in guarded:
                yield part
                if part.done:
                    return
        # The client takes such an end for a good one.
        raise Interrupted(f"The Ollama server hung up before {name} had finished. Ask again.")

    def remembered(self, name: str, messages: Sequence[Message]) -> bool:
        """Whether a prompt begins as the one before it did, which this one then takes the place of.

        What a server had in its cache it counts as read, in no time.
        """
        prompt = "\n".join(message.content for message in messages)
        before, self._prompts[name] = self._prompts.get(name, ""), prompt
        beginning = prompt[: int(_SAME * len(prompt))]
        return before.startswith(beginning)

    def _running(self) -> dict[str | None, int | None]:
        """The contexts of the loaded models, by name."""
        try:
            return {model.model: model.context_length for model in self._glance.ps().models}
        except _FAILURES:
            return {}

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
        )
        facts = Facts(tag.capabilities or (), model.context)
        if not (facts.capabilities and facts.context):
            try:
                facts = self.facts(model)
            except BylineError:
                return model  # it stays in the list; picking it says what is wrong
        if "completion" not in (tag.capabilities or facts.capabilities or ["completion"]):
            return None
        return replace(model, context=model.context or facts.context)

    def _guarded(
        self, parts: Iterator[T], name: str, early: type[BylineError], late: type[BylineError]
    ) -> Generator[T, None, None]:
        """The parts as they come; a failure is an `early` error before the first, then `late`."""
        begun = False
        try:
            with closing(cast(Generator[T, None, None], parts)):
                for part in parts:
                    begun = True
                    yield part
        except _FAILURES as error:
            raise self._explained(error, name, late if begun else early) from error

    def _explained(self, error: Exception, name: str, kind: type[BylineError]) -> BylineError:
        if isinstance(error, ollama.ResponseError):
            return self._refused(error, name, kind)
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | ConnectionError):
            said = f"No Ollama server answers at {self.url}. Start Ollama, or pick another model."
            return EngineUnavailable(said)
        if isinstance(error, httpx.TimeoutException):
            said = "The Ollama server is silent. Ask again later, or pick a smaller model."
        elif isinstance(error, httpx.HTTPError) and kind is FetchError:
            said = f"The connection to the Ollama server broke. Pull {name} again: it will go on."
        elif isinstance(error, httpx.HTTPError):
            said = f"The connection to the Ollama server at {self.url} broke. Ask again."
        else:
            said = f"What {self.url} sends is unreadable. Is there an Ollama server (OLLAMA_HOST)?"
        return kind(said)

    def _refused(self, error: ollama.ResponseError, name: str, kind: type[BylineError]) -> BylineError:
        said = plain(str(error.error))
        if error.status_code == 404:
            return ModelMissing(
                f"The Ollama server has no model {name} any more. Pull it, or pick another one."
            )
        if error.status_code == 400 and "context" in said:
            return PromptTooLong(f'The prompt is too long for {name}: "{said}". Ask less at once.')
        if error.status_code == 503:
            return kind(f'The Ollama server is busy: "{said}". Ask again in a moment.')
        if kind is not FetchError:
            return kind(f'The Ollama server gave up on {name}: "{said}". Ask again, or pick another model.')
        if "no space left" in said:
            return DiskFull(f"The disk of the Ollama server is full. Make room, then pull {name} again.")
        return kind(f'The Ollama server gave up on {name}: "{said}". Check the name.')
