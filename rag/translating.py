"""A passage in another language, by a language model: to read beside it, never cited and never checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from rag import prompting
from rag.generating import Generator, Text
from rag.splitting import estimate_tokens

_LONGER, _LEAST = 3, 64
"""A translation's tokens over the estimated ones of its text, and at the least: Russian and Vietnamese take
more than English; a model that repeats itself ends here."""


def translate(text: str, language: str, generator: Generator) -> Iterator[str]:
    """The pieces of the translation, its thoughts left out; closing it stops the model.

    Raises what `Generator.stream` raises.
    """
    messages = prompting.translation(text, language)
    most = max(_LEAST, _LONGER * estimate_tokens(text))
    with closing(generator.stream(messages, most)) as pieces:  # type: ignore[type-var]
        yield from (piece.text for piece in pieces if isinstance(piece, Text))
