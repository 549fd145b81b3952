"""Measure latency and throughput of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(slots=True)
class Throughput:
    """Records the pieces of an answer with their times since the creation of the object."""

    began: float = field(default_factory=perf_counter)
    _pieces: list[str] = field(default_factory=list)
    _times: list[float] = field(default_factory=list)

    def record(self, piece: str) -> None:
        """Record a piece; an empty one is ignored."""
        if not piece:
            return
        self._pieces.append(piece)
        self._times.append(perf_counter())

    @property
    def first_ms(self) -> float | None:
        """Milliseconds to the first piece; None before it."""
        return (self._times[0] - self.began) * 1000 if self._times else None

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds since the start."""
        return (perf_counter() - self.began) * 1000

    def tokens_per_second(self, count: Callable[[str], int] | None = None) -> float | None:
        """Return tokens per second after the first piece; None for fewer than two pieces.

        `count` counts the tokens of a text. Without it, each piece is one token, as Ollama streams them.
        """
        if len(self._pieces) < 2 or self._times[-1] <= self._times[0]:
            return None
        rest = self._pieces[1:]
        return (count("".join(rest)) if count else len(rest)) / (self._times[-1] - self._times[0])
