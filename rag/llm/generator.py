"""The generator protocol, and the values that all engines share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from rag.events import Loading
from rag.llm.control_tokens import split_control_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A language model that can be selected.

    `name` is passed to `--model`; `size` is in bytes on disk; `context` is in tokens, None where unknown;
    `path` is the GGUF file of an embedded model; `digest` is Ollama's; `licence` comes from the model's
    metadata, "" without one. `thinks`: the model always writes its reasoning before the answer. `server` is
    the host and port of the model's server, "" for an embedded model; `remote`: it is another machine.
    """

    name: str
    runtime: Literal["embedded", "ollama", "openai"]
    size: int
    parameters: str = ""
    quantisation: str = ""
    context: int | None = None
    path: Path | None = None
    digest: str = ""
    loaded: bool = False
    licence: str = ""
    thinks: bool = False
    server: str = ""
    remote: bool = False


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a chat prompt. `content` is plain text: control tokens in it are split up."""

    role: Literal["system", "user", "assistant"]
    content: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", split_control_tokens(self.content))


@dataclass(frozen=True, slots=True)
class Text:
    """A part of the answer, as it is streamed."""

    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    """A part of the reasoning that a thinking model writes before its answer; "" while a server is silent."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a stream, with the engine's statistics.

    - `prompt_tokens`: length of the prompt as the engine reports it, None where it does not.
    - `cut`: the answer ended at `max_tokens`.
    - `prompt_cut`: the engine certainly truncated the prompt, so the answer may ignore passages.
    - `logprobs`: log-probability of each token of the answer; empty where the engine does not report them.
    - `prompt_speed`: uncached prompt tokens read per second, None where unknown.
    """

    prompt_tokens: int | None
    cut: bool = False
    prompt_cut: bool = False
    logprobs: tuple[float, ...] = ()
    prompt_speed: float | None = None


Piece = Text | Thought | Loading | Done
"""A piece of an engine's stream; Loading while it loads the model, so that a consumer can stop it."""


class Generator(Protocol):
    """One language model, ready to generate. Engines implement it."""

    @property
    def model(self) -> Model:
        """The model; `loaded` is False where the next call has to load it first."""
        ...

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        """Count the prompt's tokens: exact where the engine exposes its tokenizer, else an upper bound."""
        ...

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        """Stream an answer, decoded greedily; the last piece is Done.

        Closing the iterator stops the engine. Raises PromptTooLong, before any piece, where the prompt and
        `max_tokens` do not fit the context; EngineUnavailable, ModelMissing or Interrupted where the engine
        fails.
        """
        ...


def count_tokens(generator: Generator, text: str) -> int:
    """Count the tokens that a text adds to a prompt. Raises what `Generator.count_tokens` raises."""
    count = generator.count_tokens
    return count([ChatMessage("user", text)]) - count([ChatMessage("user", "")])


_MIN_TIMED_TOKENS = 64
"""Minimum prompt tokens for computing a speed, as a partial batch costs as much as a full one. Not fitted."""


def prompt_speed(tokens: int | None, seconds: float) -> float | None:
    """Return uncached prompt tokens per second; None for too few tokens."""
    return tokens / seconds if tokens is not None and tokens >= _MIN_TIMED_TOKENS and seconds > 0 else None
