"""Separate the reasoning of a thinking model from its answer while it streams.

Thinking models write `<think>...</think>` before the answer, unless their engine parses these tags and
returns the reasoning separately. Rules:

- `<think>` is a tag only at the beginning, as in Ollama's parser; later it is text, because an article may
  be about such tags.
- A block without an end is reasoning to the end of the stream.
- Some prompt templates contain `<think>`, so that the model writes only `</think>`. Streamed text cannot be
  withdrawn, so this must be known before (`opened`, see `opens_thinking`): then everything up to the first
  `</think>` is reasoning. Otherwise, a lone `</think>` is text.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.llm.generator import Text, Thought

OPEN, CLOSE = "<think>", "</think>"
MAX_THINKING_TOKENS = 2048
"""Maximum tokens for reasoning, which the token limit of a server includes. Not fitted."""


def opens_thinking(template: str) -> bool:
    """Tell whether a prompt template (Go or Jinja) ends within a block of reasoning."""
    return template.rfind(OPEN) > template.rfind(CLOSE)


def always_thinks(template: str) -> bool:
    """Tell whether a template opens a block of reasoning that no `enable_thinking: false` leaves out."""
    return opens_thinking(template) and "enable_thinking" not in template


class ThinkingSplitter:
    """Splits a stream, in which tags may be cut anywhere, into Text and Thought.

    White space before reasoning and before the answer is dropped. `logprobs` collects the log-probabilities
    of the answer's tokens; those of reasoning are dropped.
    """

    def __init__(self, opened: bool = False) -> None:
        self.logprobs: list[float] = []
        self._pending = ""
        self._inside = opened
        self._has_text = False  # the current block is not empty

    def feed(self, text: str, thinking: str = "", logprobs: Iterable[float] = ()) -> list[Text | Thought]:
        """Return the pieces that the next part of the stream completes.

        `thinking` is reasoning that the engine has separated; its `text` is part of the answer then.
        `logprobs` are the log-probabilities of the part's tokens.
        """
        pieces: list[Text | Thought] = []
        if thinking:
            pieces += [*self.finish(), Thought(thinking)]
            self._has_text = self._has_text and not self._inside
            self._inside = False
        self._pending += text
        while (piece := self._next()) is not None:
            pieces.append(piece)
        self.logprobs += logprobs
        if any(isinstance(piece, Thought) for piece in pieces):
            self.logprobs.clear()
        return pieces

    def finish(self) -> list[Text | Thought]:
        """Return the text that was held back as a possible tag, at the end of the stream."""
        pending, self._pending = self._pending, ""
        return [self._piece(pending)] if pending.strip() or (pending and self._has_text) else []

    def _next(self) -> Text | Thought | None:
        """Return the next complete piece, None where more input is needed."""
        if not self._has_text:
            self._pending = self._pending.lstrip()
        if self._inside:
            return self._thought()
        if not self._has_text and OPEN.startswith(self._pending[: len(OPEN)]):
            if len(self._pending) < len(OPEN):
                return None
            self._pending, self._inside = self._pending[len(OPEN) :], True
            return self._next()
        return self._take(len(self._pending))

    def _thought(self) -> Text | Thought | None:
        end = self._pending.find(CLOSE)
        if end < 0:
            return self._take(len(self._pending) - _overlap(self._pending))
        if end > 0:
            return self._take(end)
        self._pending = self._pending[end + len(CLOSE) :]
        self._inside = self._has_text = False
        return self._next()

    def _take(self, length: int) -> Text | Thought | None:
        text, self._pending = self._pending[:length], self._pending[length:]
        if not text:
            return None
        self._has_text = True
        return self._piece(text)

    def _piece(self, text: str) -> Text | Thought:
        return Thought(text) if self._inside else Text(text)


def _overlap(text: str) -> int:
    """Return how many of the last characters may begin a closing tag."""
    longest = min(len(text), len(CLOSE) - 1)
    return next((n for n in range(longest, 0, -1) if CLOSE.startswith(text[-n:])), 0)
