"""Language models: what one is, where they run, and switching between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A language model that can be picked.

    `name` is what the user picks and passes to `--model`; `size` is bytes on disk; `context` is
    tokens, None where unknown; `path` is the GGUF file of an embedded model; `digest` is Ollama's;
    `licence` is what the model says of it, "" where it says nothing.
    """

    name: str
    runtime: Literal["embedded", "ollama"]
    size: int
    parameters: str = ""
    quantisation: str = ""
    context: int | None = None
    path: Path | None = None
    digest: str = ""
    loaded: bool = False
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer, as the model writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    """A piece of what a thinking model writes before it answers."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a stream. `prompt_tokens` is what the engine says it read, None where it does not.

    `cut` tells that the answer ended at `max_tokens`; `prompt_cut` that the engine surely read less
    than the whole prompt, so that the answer may rest on half of its passages. `chances` are the
    logarithms of how likely the engine found each token of the answer; empty where it does not tell.
    `prompt_speed` is how many new prompt tokens it read in a second, None where that is not known.
    """

    prompt_tokens: int | None
    cut: bool = False
    prompt_cut: bool = False
    chances: tuple[float, ...] = ()
    prompt_speed: float | None = None


Piece = Text | Thought | Done


class Generator(Protocol):
    """One language model, ready to write."""

    @property
    def model(self) -> Model:
        """The model; `loaded` is False where counting or writing begins with loading it."""
        ...

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt: exact where the engine has a tokenizer, else an upper bound."""
        ...

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[Piece]:
        """Write, piece by piece, greedily; the last piece is Done.

        Closing the iterator stops the engine. Raises PromptTooLong before anything is written where
        the prompt and `max_tokens` do not fit; EngineUnavailable, ModelMissing or Interrupted where
        the engine fails.
        """
        ...


def count_tokens(generator: Generator, text: str) -> int:
    """How many tokens a text is for a model: what it adds to a prompt."""
    count = generator.count_tokens
    return count([Message("user", text)]) - count([Message("user", "")])


_TELLING = 64
"""Fewer prompt tokens tell nothing of a speed: the batch that they are in costs as much as a full one."""


def prompt_speed(tokens: int | None, seconds: float) -> float | None:
    """Tokens a second, of those that an engine did not have in its cache; None where they are too few."""
    return tokens / seconds if tokens is not None and tokens >= _TELLING and seconds > 0 else None
