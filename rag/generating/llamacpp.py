"""GGUF files in this process, through llama.cpp's own server (package xllamacpp)."""

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
from rag.generating import Done, Message, Model, Piece, prompt_speed
from rag.generating.gguf import context_length, quantisation, read_header
from rag.generating.thinking import Splitter

_BATCH = 128
"""Prompt tokens between two looks at the stop flag: about two seconds on two cores."""


def embedded_models(folder: Path) -> list[Model]:
    """The GGUF files of a folder, by name; the first part stands for a file in parts."""
    files = sorted(folder.glob("*.gguf")) if folder.is_dir() else []
    return [_model(file) for file in files if "-of-" not in file.stem or "-00001-of-" in file.stem]


def _model(path: Path) -> Model:
    try:
        header = read_header(path)
    except Unreadable:
        header = {}  # it stays in the list; picking it says what is wrong
    return Model(
        name=path.stem,
        runtime="embedded",
        size=path.stat().st_size,
        parameters=str(header.get("general.size_label", "")),
        quantisation=quantisation(header),
        context=context_length(header),
        path=path,
        licence=str(header.get("general.license", "")),
    )


class LlamaCpp:
    """One GGUF file, loaded; a Generator.

    Loading takes seconds and happens in the constructor. `context` is in tokens. One answer is
    written at a time; a second waits for the first.
    """

    def __init__(self, model: Model, *, context: int, threads: int | None = None) -> None:
        if model.path is None or not model.path.is_file():
            raise ModelMissing(f"The model {model.name} is no longer in the models folder.")
        read_header(model.path)  # a clear error, where the engine would only say that it failed
        # Threads that spin while they wait take the processor from the browser beside them, and from
        # each other: on two busy cores an answer then takes four times as long (bench/answering.py).
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import xllamacpp

        self.model = model
        self._context = min(context, model.context or context)
        self._key = secrets.token_hex(16)
        params = _params(model.path, self._context, threads, self._key)
        try:
            self._server: Any = xllamacpp.Server(params)
        except RuntimeError as error:
            raise EngineUnavailable(
                f"The model {model.name} could not be loaded: its file is damaged, of a kind that this "
                "engine does not know, or too large for this machine's memory."
            ) from error
        self._http = httpx.Client(
            base_url=self._server.listening_address,
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=30,
            trust_env=False,
        )
        self._turn = threading.Lock()

    def close(self) -> None:
        """Free the model's memory. An answer that is being written is waited for."""
        with self._turn:
            self._http.close()
            self._server = None

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt, exactly, by the model's own template and tokenizer."""
        chat = {"messages": [asdict(message) for message in messages]}
        prompt = self._post("/apply-template", chat)["prompt"]
        body = {"content": prompt, "add_special": True, "parse_special": True}
        return len(self._post("/tokenize", body)["tokens"])

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[Piece]:
        """Write, piece by piece; see Generator."""
        needed = self.count_tokens(messages) + max_tokens
        if needed > self._context:
            raise PromptTooLong(
                f"The question and its passages need {needed} tokens; {self.model.name} is set up for "
                f"{self._context}. Ask less at once, or raise BYLINE_CONTEXT_TOKENS."
            )
        body = {
            "messages": [asdict(message) for message in messages],
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
            raise EngineUnavailable(f"The engine of {self.model.name} does not answer.") from error
        result: dict[str, Any] = answer.json()
        return result

    def _chunks(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The engine's chunks; it calls back from a thread, which closing this iterator stops."""
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


def _params(path: Path, context: int, threads: int | None, key: str) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = context
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = _BATCH
    params.cpuparams.n_threads = threads or os.cpu_count() or 2
    params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE  # mapped, it is in memory twice
    params.cache_ram_mib = 0  # prompts differ by their passages: keeping old ones only costs memory
    params.verbosity = -1
    params.ui = False
    params.api_keys = [key]  # the engine listens on loopback; nobody else's business
    return params


def _pieces(chunks: Iterator[dict[str, Any]], name: str) -> Iterator[Piece]:
    """OpenAI-style chunks → pieces; a stream without an end is an error."""
    splitter = Splitter()
    reason, prompt_tokens, speed = "", None, None
    for chunk in chunks:
        if "error" in chunk:
            raise Interrupted(f"{name} broke off: {chunk['error'].get('message', 'no reason given')}")
        for choice in chunk.get("choices", ()):
            delta = choice.get("delta", {})
            chances = [token["logprob"] for token in (choice.get("logprobs") or {}).get("content") or ()]
            thinking = delta.get("reasoning_content") or ""
            yield from splitter.feed(delta.get("content") or "", thinking, chances)
            reason = choice.get("finish_reason") or reason
        prompt_tokens = chunk.get("usage", {}).get("prompt_tokens", prompt_tokens)
        if timings := chunk.get("timings"):
            speed = prompt_speed(timings["prompt_n"], timings["prompt_ms"] / 1000)
    yield from splitter.finish()
    if not reason:
        raise Interrupted(f"{name} broke off in the middle of its answer.")
    yield Done(prompt_tokens, reason == "length", chances=tuple(splitter.chances), prompt_speed=speed)
