"""Usage of language models: which one was asked for last, and when."""

from __future__ import annotations

import time
from collections.abc import Callable

from rag.llm.generator import Generator


class Usage:
    """The last use of a model. Thread safe: one assignment replaces both values."""

    def __init__(self) -> None:
        self._last = ("", float("-inf"))

    def noting(self, generator: Callable[[str], Generator]) -> Callable[[str], Generator]:
        """Wrap a function that gives a model's generator, so that each call is noted."""

        def noted(name: str) -> Generator:
            self._last = (name, time.monotonic())
            return generator(name)

        return noted

    @property
    def model(self) -> str:
        """The name of the model that was used last, "" before the first use."""
        return self._last[0]

    @property
    def idle_s(self) -> float:
        """Seconds since a model was last asked for; infinite before the first use."""
        return time.monotonic() - self._last[1]
