"""Run GGUF files through llama.cpp's server (package xllamacpp), without a server to install or start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import httpx

from rag.errors import EngineUnavailable, Interrupted, ModelMissing, PromptTooLong, Unreadable
from rag.llm.chat_chunks import Chunk, ChunkReader
from rag.llm.engine_process import EngineArguments, EngineProcess
from rag.llm.event_stream import events
from rag.llm.generator import ChatMessage, Done, Model, Piece, Thought
from rag.llm.gguf import chat_template, context_length, quantisation, read_header
from rag.llm.model_source import read_source
from rag.llm.openai_counting import chat_request, count_by_llamacpp
from rag.llm.openai_errors import FAILURES, Refusal, message_of
from rag.llm.thinking import always_thinks

_REQUEST_TIMEOUT_S = 30
"""Timeout for counting tokens. Not fitted."""


def embedded_models(folder: Path) -> list[Model]:
    """Return the models of a folder, by name; a split file is represented by its first part."""
    files = sorted(folder.glob("*.gguf")) if folder.is_dir() else []
    return [_model(file) for file in files if "-of-" not in file.stem or "-00001-of-" in file.stem]


def _model(path: Path) -> Model:
    try:
        header = read_header(path)
    except Unreadable:
        header = {}  # it remains listed; loading it raises the error
    source = read_source(path)
    return Model(
        name=path.stem,
        runtime="embedded",
        size=path.stat().st_size,
        parameters=str(header.get("general.size_label", "")),
        quantisation=quantisation(header),
        context=context_length(header),
        path=path,
        licence=str(header.get("general.license", "")) or (source.licence if source else ""),
        thinks=always_thinks(chat_template(path)),
    )


class LlamaCpp:
    """A Generator for one GGUF file, which a process of its own serves (rag/llm/llama_server.py).

    The constructor loads the model, which takes seconds. `context` is in tokens; `template` replaces the
    file's chat template. Answers are generated one at a time; a second waits for the first.
    """

    def __init__(self, model: Model, *, context: int, threads: int | None = None, template: str = "") -> None:
        if model.path is None or not model.path.is_file():
            raise ModelMissing("model_gone", name=model.name)
        read_header(model.path)  # raises a specific error; the engine reports only that loading failed
        self.model = model
        self._context = min(context, model.context or context)
        self._process = EngineProcess.started(
            EngineArguments(str(model.path), self._context, threads, template)
        )
        address = self._process.address()
        if not address:
            self._process.end()
            raise EngineUnavailable("not_loaded", name=model.name)
        headers = {"Authorization": f"Bearer {self._process.key}"}
        self._http = httpx.Client(
            base_url=address, headers=headers, timeout=_REQUEST_TIMEOUT_S, trust_env=False
        )
        self._open = partial(
            httpx.AsyncClient, base_url=address, headers=headers, timeout=None, trust_env=False
        )

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.alive

    def close(self) -> None:
        """Free the model's memory; an answer that is being generated breaks off."""
        self._http.close()
        self._process.end()

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """Count the prompt's tokens with the model's own template and tokenizer."""
        return count_by_llamacpp(self._post, messages)

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        """Stream an answer; see Generator.

        While the engine reads or is generating another answer, empty thoughts are yielded, so that a
        consumer can stop.
        """
        needed = self.count_tokens(messages) + max_tokens
        if needed > self._context:
            raise PromptTooLong(
                "too_long_embedded", needed=needed, name=self.model.name, context=self._context
            )
        body = chat_request(messages) | {
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
            "logprobs": True,
        }
        waits = {"first_timeout": inf, "timeout": inf}  # an engine that ends closes the connection
        try:
            with closing(events(self._open, "/v1/chat/completions", body, **waits)) as chunks:
                yield from _pieces(chunks, self.model.name)
        except FAILURES as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> Interrupted:
        name = self.model.name
        if isinstance(error, Refusal):
            return Interrupted("broke_off_why", name=name, why=error.message or str(error.status))
        return Interrupted("broke_off" if self.alive else "engine_ended", name=name)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._http.post(path, json=body)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            code = "engine_silent" if self.alive else "engine_ended"
            raise EngineUnavailable(code, name=self.model.name) from error
        result: dict[str, Any] = answer.json()
        return result


def _pieces(chunks: Iterable[Chunk | None], name: str) -> Iterator[Piece]:
    """Convert chunks to pieces. Raises Interrupted where the stream breaks off."""
    reader = ChunkReader()
    for chunk in chunks:
        if chunk is None:
            yield Thought("")
        elif "error" in chunk:
            raise Interrupted("broke_off_why", name=name, why=message_of(chunk))
        else:
            yield from reader.read(chunk)
    yield from reader.finish()
    if not reader.reason:
        raise Interrupted("broke_off", name=name)
    yield Done(
        reader.prompt_tokens,
        reader.reason == "length",
        logprobs=reader.logprobs,
        prompt_speed=reader.prompt_speed,
    )
