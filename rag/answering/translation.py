"""Machine translation of a passage, shown beside it; never cited and not verified."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from rag.answering import prompts
from rag.llm.generator import Done, Generator, Text
from rag.text.splitter import estimate_tokens

MAX_LENGTH_RATIO, MIN_MAX_TOKENS = 3, 64
"""Maximum tokens of a translation per estimated token of its text, and the least maximum. Russian and
Vietnamese need more tokens than English; a model that repeats itself is stopped here. Not fitted."""


def translate(text: str, language: str, generator: Generator) -> Iterator[str]:
    """Stream a translation without the model's thoughts; closing the iterator stops the model.

    While it loads, waits or reasons, empty strings are yielded, so that a consumer can stop. Raises what
    `Generator.stream` raises.
    """
    messages = prompts.translation(text, language)
    max_tokens = max(MIN_MAX_TOKENS, MAX_LENGTH_RATIO * estimate_tokens(text))
    with closing(generator.stream(messages, max_tokens)) as pieces:  # type: ignore[type-var]
        for piece in pieces:
            if not isinstance(piece, Done):
                yield piece.text if isinstance(piece, Text) else ""
