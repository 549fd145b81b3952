"""A Generator for a model of an OpenAI-compatible server."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from rag.errors import EngineUnavailable, Interrupted, PromptTooLong
from rag.events import Loading
from rag.llm import token_bounds
from rag.llm.chat_chunks import Chunk, ChunkReader
from rag.llm.generator import ChatMessage, Done, Model, Piece, Thought, prompt_speed
from rag.llm.openai_errors import FAILURES, byline_error
from rag.llm.openai_server import OpenAIServer
from rag.llm.thinking import MAX_THINKING_TOKENS


class OpenAIGenerator:
    """Generates with one model of a server; creating it makes no request. `model.name` is the server's."""

    def __init__(self, server: OpenAIServer, model: Model) -> None:
        self.model = model
        self._server = server

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """Count the prompt's tokens where the server has an endpoint for it; else return an upper bound."""
        counted = self._server.count(self.model.name, messages)
        return counted.tokens if counted else token_bounds.max_tokens(messages)

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        """Stream an answer; see Generator. Reasoning does not count towards `max_tokens`.

        Yields empty thoughts while the server is silent (it reads the prompt, or serves other requests), so
        that a consumer can stop.
        """
        server, name = self._server, self.model.name
        counted = server.count(name, messages)
        prompt = counted.tokens if counted else token_bounds.max_tokens(messages)
        limit = self._limit(prompt, max_tokens)
        opened = name in server.opens_thinking or (counted is not None and counted.opens_thinking)
        reader, stopwatch = ChunkReader(opened), _Stopwatch()
        try:
            with closing(server.chat(name, messages, limit)) as chunks:
                yield from self._pieces(chunks, reader, stopwatch, max_tokens)
        except FAILURES as error:
            kind = Interrupted if reader.tokens or reader.has_thoughts else EngineUnavailable
            raise byline_error(error, server.endpoint, name, kind) from error
        yield from reader.finish()
        self._record_reasoning(reader)
        read = reader.prompt_tokens or (counted.tokens if counted else None)
        speed = reader.prompt_speed or stopwatch.speed(read, reader.cached_tokens)
        cached = server.prompts.is_cached(name, messages) and not reader.prompt_speed
        yield Done(
            prompt_tokens=read,
            cut=reader.reason in ("", "length"),
            prompt_cut=0 < (reader.prompt_tokens or 0) < token_bounds.min_tokens(messages),
            logprobs=reader.logprobs,
            prompt_speed=None if cached else speed,
        )

    def _limit(self, prompt: int, max_tokens: int) -> int:
        """Return the maximum tokens to ask for, with room for the reasoning of a model that may have some.

        Raises PromptTooLong.
        """
        context = self.model.context
        if context and prompt + max_tokens > context:
            raise PromptTooLong(
                "too_long_ollama", needed=prompt + max_tokens, name=self.model.name, context=context
            )
        limit = max_tokens + MAX_THINKING_TOKENS * self._server.thinks.get(self.model.name, True)
        return min(limit, context - prompt) if context else limit

    def _pieces(
        self,
        chunks: Iterable[Chunk | Loading | None],
        reader: ChunkReader,
        stopwatch: _Stopwatch,
        max_tokens: int,
    ) -> Iterator[Piece]:
        """Convert chunks to pieces, up to `max_tokens` of text. Raises Interrupted for a cut stream."""
        loading = False
        for chunk in chunks:
            if not isinstance(chunk, dict):
                loading |= chunk is not None or not self.model.loaded
                yield Loading() if loading else Thought("")
                stopwatch.restart(chunk)
                continue
            if loading:
                yield Loading(over=True)
                loading = False
            pieces = reader.read(chunk)
            stopwatch.lap(bool(pieces))
            yield from pieces
            if reader.tokens > max_tokens:
                return  # the rest was room for reasoning
        if not reader.reason:
            raise Interrupted("openai_hung_up", url=self._server.endpoint.root, name=self.model.name)

    def _record_reasoning(self, reader: ChunkReader) -> None:
        """Record whether the model reasons, for its next requests."""
        if reader.has_lone_end:
            self._server.opens_thinking.add(self.model.name)
        if reader.reason:
            self._server.thinks[self.model.name] = reader.has_thoughts or reader.has_lone_end


class _Stopwatch:
    """Time from the request to the first piece, without loading of the model."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._seconds: float | None = None

    def restart(self, event: Loading | None) -> None:
        """Restart where the event says that the model is being loaded."""
        if event is not None:
            self._began = time.perf_counter()

    def lap(self, has_piece: bool) -> None:
        """Record the time of the first piece."""
        if has_piece and self._seconds is None:
            self._seconds = time.perf_counter() - self._began

    def speed(self, tokens: int | None, cached: int) -> float | None:
        """Return a lower bound of the prompt tokens read per second: the time includes queueing."""
        return prompt_speed(tokens - cached, self._seconds) if tokens and self._seconds else None
