"""A Generator for a model of an Ollama server: token bounds, context size, truncation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

from rag.errors import Interrupted, PromptTooLong
from rag.events import Loading
from rag.llm import token_bounds
from rag.llm.generator import ChatMessage, Done, Model, Piece, Text, prompt_speed
from rag.llm.ollama import Ollama
from rag.llm.thinking import MAX_THINKING_TOKENS, ThinkingSplitter

_CONTEXT_STEP_TOKENS = 4096
"""Step of num_ctx, kept coarse because a server reloads the model whenever it changes. Not fitted."""


class OllamaGenerator:
    """Generates with one model of a server; creating it makes no request."""

    def __init__(self, server: Ollama, model: Model) -> None:
        self.model = model
        self._server = server

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """Return an upper bound: the server has no endpoint for counting."""
        return token_bounds.max_tokens(messages)

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        """Stream an answer; see Generator. Reasoning does not count towards `max_tokens`."""
        prompt = self.count_tokens(messages)
        if self.model.context and prompt + max_tokens > self.model.context:
            raise PromptTooLong(
                "too_long_ollama",
                needed=prompt + max_tokens,
                name=self.model.name,
                context=self.model.context,
            )
        details = self._server.details(self.model)
        options = self._options(prompt, max_tokens, details.thinks or details.opens_thinking)
        splitter = ThinkingSplitter(opened=details.opens_thinking and not details.thinks)
        yield from self._load(options)
        text_parts = 0
        with closing(self._server.chat(self.model.name, messages, options)) as parts:
            for part in parts:
                logprobs = [token.logprob for token in part.logprobs or ()]
                pieces = splitter.feed(part.message.content or "", part.message.thinking or "", logprobs)
                yield from pieces
                text_parts += any(isinstance(piece, Text) for piece in pieces)
                if text_parts > max_tokens:  # num_predict had room for reasoning; a part is a token
                    break
        if part.done_reason in ("load", "unload"):
            raise Interrupted(f"ollama_only_{part.done_reason}ed", name=self.model.name)
        yield from splitter.finish()
        counted, seconds = part.prompt_eval_count, (part.prompt_eval_duration or 0) / 1e9
        cached = self._server.prompts.is_cached(self.model.name, messages)
        yield Done(
            prompt_tokens=counted,
            cut=not part.done or part.done_reason == "length",
            prompt_cut=self._is_truncated(messages, counted, options["num_ctx"]),
            logprobs=tuple(splitter.logprobs),
            prompt_speed=None if cached else prompt_speed(counted, seconds),
        )

    def _load(self, options: Mapping[str, int]) -> Iterator[Loading]:
        """Wait until the model is loaded, which takes minutes for a large one on a slow disk."""
        waited = False
        with closing(self._server.load(self.model.name, options)) as loading:  # type: ignore[type-var]
            for event in loading:
                yield event
                waited = True
        if waited or not self.model.loaded:
            yield Loading(over=True)

    def _options(self, prompt: int, max_tokens: int, thinks: bool) -> dict[str, int]:
        """Return options for greedy decoding, with a context for the prompt and the longest answer."""
        context = self.model.context or math.inf
        max_output = int(min(max_tokens + MAX_THINKING_TOKENS * thinks, context - prompt))
        steps = math.ceil((prompt + max_output) / _CONTEXT_STEP_TOKENS)
        return {
            "temperature": 0,
            "num_ctx": int(min(steps * _CONTEXT_STEP_TOKENS, context)),
            "num_predict": max_output,
        }

    def _is_truncated(self, messages: Sequence[ChatMessage], counted: int | None, num_ctx: int) -> bool:
        """Tell whether the server has certainly truncated the prompt, which it does without notice.

        `counted` is its prompt_eval_count. After truncation, the prompt fills the context (before 0.30) or
        half of it (github.com/ollama/ollama/issues/17427). A small count alone is no proof: Ollama 0.30.0 and
        servers before 0.4 do not count cached tokens (pull 16428). So the prompt was truncated if the count
        reaches the context, or if both the count and the context that the server reports are below the
        minimum for these texts in any tokenizer.
        """
        if counted is not None and counted >= num_ctx:
            return True
        min_tokens = token_bounds.min_tokens(messages)
        if counted is not None and counted >= min_tokens:
            return False
        window = self._server.window(self.model.name)
        return window is not None and window < min_tokens
