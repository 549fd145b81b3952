"""Run GGUF files in this process, through llama.cpp's server (package xllamacpp)."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import httpx

from rag.errors import EngineUnavailable, Interrupted, ModelMissing, PromptTooLong, Unreadable
from rag.llm.chat_chunks import ChunkReader
from rag.llm.generator import ChatMessage, Done, Model, Piece
from rag.llm.gguf import chat_template, context_length, quantisation, read_header
from rag.llm.model_source import read_source
from rag.llm.thinking import always_thinks

_BATCH_TOKENS = 128
"""Prompt tokens between two checks of the stop flag: about 2 s on two cores. Not fitted."""
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
    """A Generator for one GGUF file.

    The constructor loads the model, which takes seconds. `context` is in tokens. Answers are generated one at
    a time; a second waits for the first.
    """

    def __init__(self, model: Model, *, context: int, threads: int | None = None) -> None:
        if model.path is None or not model.path.is_file():
            raise ModelMissing("model_gone", name=model.name)
        read_header(model.path)  # raises a specific error; the engine reports only that loading failed
        # Threads that spin while waiting quadruple the time of an answer on two busy cores
        # (bench/answering.py).
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import xllamacpp

        self.model = model
        self._context = min(context, model.context or context)
        self._key = secrets.token_hex(16)
        params = _params(model.path, self._context, threads, self._key)
        try:
            self._server: Any = xllamacpp.Server(params)
        except RuntimeError as error:
            raise EngineUnavailable("not_loaded", name=model.name) from error
        self._http = httpx.Client(
            base_url=self._server.listening_address,
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=_REQUEST_TIMEOUT_S,
            trust_env=False,
        )
        self._turn = threading.Lock()

    def close(self) -> None:
        """Free the model's memory, after the current answer."""
        with self._turn:
            self._http.close()
            self._server = None

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """Count the prompt's tokens with the model's own template and tokenizer."""
        prompt = self._post("/apply-template", _chat(messages))["prompt"]
        body = {"content": prompt, "add_special": True, "parse_special": True}
        return len(self._post("/tokenize", body)["tokens"])

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        """Stream an answer; see Generator."""
        needed = self.count_tokens(messages) + max_tokens
        if needed > self._context:
            raise PromptTooLong(
                "too_long_embedded", needed=needed, name=self.model.name, context=self._context
            )
        body = _chat(messages) | {
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
            "return_progress": True,
            "logprobs": True,
        }
        yield from _pieces(self._chunks(body), self.model.name)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._http.post(path, json=body)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise EngineUnavailable("engine_silent", name=self.model.name) from error
        result: dict[str, Any] = answer.json()
        return result

    def _chunks(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the engine's chunks from a worker thread; closing the iterator stops it."""
        queue: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        stopped = threading.Event()

        def take(chunk: dict[str, Any]) -> bool:
            queue.put(chunk)
            return stopped.is_set()

        def work() -> None:
            with self._turn:
                try:
                    if not stopped.is_set():
                        self._server.handle_chat_completions(body, take)
                except Exception as error:  # the engine raises bare RuntimeErrors
                    queue.put({"error": {"message": str(error)}})
                finally:
                    queue.put(None)

        threading.Thread(target=work, daemon=True, name="llama.cpp").start()
        try:
            while (chunk := queue.get()) is not None:
                yield chunk
        finally:
            stopped.set()


def _chat(messages: Sequence[ChatMessage]) -> dict[str, Any]:
    """Return the request of a chat; templates that know `enable_thinking` then suppress thoughts."""
    return {
        "messages": [asdict(message) for message in messages],
        "chat_template_kwargs": {"enable_thinking": False},
    }


def _params(path: Path, context: int, threads: int | None, key: str) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = context
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    params.cpuparams.n_threads = threads or os.cpu_count() or 2
    params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE  # mapped weights are in memory twice
    params.cache_ram_mib = 0  # prompts hardly repeat: caching them only costs memory
    params.verbosity = -1
    params.ui = False
    params.api_keys = [key]  # other local programs must not use the engine
    return params


def _pieces(chunks: Iterator[dict[str, Any]], name: str) -> Iterator[Piece]:
    """Convert OpenAI-style chunks to pieces. Raises Interrupted where the stream breaks off."""
    reader = ChunkReader()
    for chunk in chunks:
        if "error" in chunk:
            raise Interrupted(
                "broke_off_why", name=name, why=chunk["error"].get("message", "no reason given")
            )
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
