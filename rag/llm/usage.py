"""Usage of language models: which one was used last, and when."""

from __future__ import annotations

import time
from collections.abc import Callable

from rag.llm.generator import Generator


class Usage:
    """The last use of a model. Thread safe: one assignment replaces both values."""

    def __init__(self) -> None:
        self._last = ("", float("-inf"))

    def recording(self, generator: Callable[[str], Generator]) -> Callable[[str], Generator]:
        """Wrap a function that returns a model's generator, so that its calls are recorded."""

        def recorded(name: str) -> Generator:
            self._last = (name, time.monotonic())
            return generator(name)

        return recorded

    @property
    def last(self) -> tuple[str, float]:
        """The name of the model that was used last, "" before the first use, and the time (monotonic, s)."""
        return self._last

    @property
    def idle_s(self) -> float:
        """Seconds since the last use; infinite before the first."""
        return time.monotonic() - self._last[1]
