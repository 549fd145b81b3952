"""One model of an Ollama server as a Generator: token bounds, the context to ask for, cuts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from rag.errors import Interrupted, PromptTooLong
from rag.generating import Done, Message, Model, Piece, Text, prompt_speed
from rag.generating.thinking import Splitter
from rag.splitting import estimate_tokens

if TYPE_CHECKING:
    from rag.generating.ollama import Ollama

_MOST, _LEAST = 2.4, 0.5
"""Tokens over `estimate_tokens`. Measured on the sample library's paragraphs: 0.63 (XLM-R's 250,000
pieces, Russian) to 2.33 (Mistral 7B's 32,000, as Llama 2's, Vietnamese); Qwen 2.5: 0.8 to 1.3."""
_MESSAGE_TOKENS, _PROMPT_TOKENS = 8, 64
"""What a chat template adds to each message, and to all of them."""
_CONTEXT_STEP = 4096
"""num_ctx grows in these steps: a server loads the model anew whenever it changes."""
_THINKING_TOKENS = 2048
"""Room for the thoughts of a thinking model, which num_predict counts in."""


class Facts(NamedTuple):
    """What a server says of a model; `opened` tells that its template begins the thoughts.

    `licence` is the title of its licence, "" where it has none.
    """

    capabilities: Sequence[str] = ()
    context: int | None = None
    opened: bool = False
    licence: str = ""

    @property
    def thinks(self) -> bool:
        """Whether the server hands over the thoughts apart from the answer."""
        return "thinking" in self.capabilities


class OllamaGenerator:
    """Writes with one model of a server."""

    def __init__(self, server: Ollama, model: Model) -> None:
        self.model = model
        self._server = server

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """An upper bound: the server has no endpoint that counts."""
        texts = sum(math.ceil(_MOST * estimate_tokens(m.content)) + _MESSAGE_TOKENS for m in messages)
        return texts + _PROMPT_TOKENS

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[Piece]:
        """Write, piece by piece; see Generator. Thoughts come on top of `max_tokens`."""
        prompt = self.count_tokens(messages)
        if self.model.context and prompt + max_tokens > self.model.context:
            raise PromptTooLong(
                f"Question, passages and answer need up to {prompt + max_tokens} tokens; "
                f"{self.model.name} takes {self.model.context}. Ask less, or pick another model."
            )
        facts = self._server.facts(self.model)
        options = self._options(prompt, max_tokens, facts.thinks or facts.opened)
        splitter = Splitter(opened=facts.opened and not facts.thinks)
        written = 0
        with closing(self._server.chat(self.model.name, messages, options)) as parts:
            for part in parts:
                chances = [token.logprob for token in part.logprobs or ()]
                pieces = splitter.feed(part.message.content or "", part.message.thinking or "", chances)
                yield from pieces
                written += any(isinstance(piece, Text) for piece in pieces)
                if written > max_tokens:  # only where there was room to think; a part is a token
                    break
        if part.done_reason in ("load", "unload"):
            did = "loaded" if part.done_reason == "load" else "unloaded"
            raise Interrupted(f"The Ollama server has only {did} {self.model.name}. Ask again.")
        yield from splitter.finish()
        read, seconds = part.prompt_eval_count, (part.prompt_eval_duration or 0) / 1e9
        known = self._server.remembered(self.model.name, messages)
        yield Done(
            prompt_tokens=read,
            cut=not part.done or part.done_reason == "length",
            prompt_cut=self._is_cut(messages, read, options["num_ctx"]),
            chances=tuple(splitter.chances),
            prompt_speed=None if known else prompt_speed(read, seconds),
        )

    def _options(self, prompt: int, max_tokens: int, thinks: bool) -> dict[str, int]:
        """Greedy, with a context that holds the prompt and all that may be written."""
        context = self.model.context or math.inf
        room = int(min(max_tokens + _THINKING_TOKENS * thinks, context - prompt))
        steps = math.ceil((prompt + room) / _CONTEXT_STEP)
        return {
            "temperature": 0,
            "num_ctx": int(min(steps * _CONTEXT_STEP, context)),
            "num_predict": room,
        }

    def _is_cut(self, messages: Sequence[Message], read: int | None, num_ctx: int) -> bool:
        """Whether the server has surely read less than the prompt. It cuts without a word.

        `read` is its prompt_eval_count. A server fills its context up to the brim (before 0.30) or
        to a half (github.com/ollama/ollama/issues/17427) when it cuts. A small count alone proves
        nothing: Ollama 0.30.0 and servers before 0.4 leave out what they had cached (pull 16428).
        So the prompt was cut where the count reaches the context; or where it is below what these
        texts take in any tokenizer, and the server admits to a context below that, too.
        """
        if read is not None and read >= num_ctx:
            return True
        least = sum(int(_LEAST * estimate_tokens(m.content)) for m in messages)
        if read is not None and read >= least:
            return False
        window = self._server.window(self.model.name)
        return window is not None and window < least
