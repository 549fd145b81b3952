"""Read the chunks of an OpenAI-style chat stream.

A chunk holds parts of the text, of the reasoning, or both; their tokens' log-probabilities where requested;
the reason why the stream ends. The last one has no `choices` but the usage. llama.cpp adds `timings`.
"""

from __future__ import annotations

from typing import Any

from rag.llm.generator import Text, Thought, prompt_speed
from rag.llm.thinking import CLOSE, ThinkingSplitter

Chunk = dict[str, Any]


class ChunkReader:
    """Converts chunks to pieces, and collects the stream's statistics.

    - `reason`: why it ended, such as "stop" or "length"; "" until then.
    - `prompt_tokens`, `prompt_speed`: None where they are not reported.
    - `cached_tokens`: prompt tokens that were in the server's cache.
    - `tokens`: tokens of the answer's text so far; a chunk without log-probabilities counts as one.
    - `has_thoughts`: reasoning was read.
    - `has_lone_end`: the text had a closing tag of reasoning without an opening one, so the prompt has it.
    """

    def __init__(self, opened: bool = False) -> None:
        """`opened`: the prompt ends within a block of reasoning; see ThinkingSplitter."""
        self.reason = ""
        self.prompt_tokens: int | None = None
        self.cached_tokens = 0
        self.prompt_speed: float | None = None
        self.tokens = 0
        self.has_thoughts = self.has_lone_end = False
        self._tail = ""
        self._splitter = ThinkingSplitter(opened)

    @property
    def logprobs(self) -> tuple[float, ...]:
        """The log-probabilities of the answer's tokens; empty where they are not reported."""
        return tuple(self._splitter.logprobs)

    def read(self, chunk: Chunk) -> list[Text | Thought]:
        """Return the pieces that a chunk completes.

        Raises TypeError, AttributeError, KeyError or ValueError for a chunk of an unexpected form.
        """
        pieces = [piece for choice in chunk.get("choices") or () for piece in self._choice(choice)]
        usage = chunk.get("usage") or {}
        if count := usage.get("prompt_tokens"):  # some servers report 0 for unknown
            self.prompt_tokens = int(count)
            self.cached_tokens = int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0)
        if timings := chunk.get("timings"):
            self.prompt_speed = prompt_speed(timings["prompt_n"], timings["prompt_ms"] / 1000)
        return pieces

    def finish(self) -> list[Text | Thought]:
        """Return the text that was held back as a possible tag, at the end of the stream."""
        return self._splitter.finish()

    def _choice(self, choice: Chunk) -> list[Text | Thought]:
        delta = choice.get("delta") or {}
        tokens = (choice.get("logprobs") or {}).get("content") or ()
        thinking = _text(delta.get("reasoning_content") or delta.get("reasoning"))
        pieces = self._splitter.feed(
            _text(delta.get("content")), thinking, [float(token["logprob"]) for token in tokens]
        )
        self.reason = _text(choice.get("finish_reason")) or self.reason
        self.has_thoughts |= any(isinstance(piece, Thought) for piece in pieces)
        self.tokens += (len(tokens) or 1) * any(isinstance(piece, Text) for piece in pieces)
        self._tail += "".join(piece.text for piece in pieces if isinstance(piece, Text))
        self.has_lone_end |= CLOSE in self._tail
        self._tail = self._tail[1 - len(CLOSE) :]
        return pieces


def _text(value: object) -> str:
    """Return a string, "" for None. Raises TypeError for anything else."""
    if value is None or isinstance(value, str):
        return value or ""
    raise TypeError("no text")
