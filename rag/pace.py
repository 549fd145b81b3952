"""How fast a model writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(slots=True)
class Pace:
    """The pieces of an answer, and when each came; its clock starts when it is made."""

    began: float = field(default_factory=perf_counter)
    _pieces: list[str] = field(default_factory=list)
    _times: list[float] = field(default_factory=list)

    def note(self, piece: str) -> None:
        """A piece has come."""
        self._pieces.append(piece)
        self._times.append(perf_counter())

    @property
    def first_ms(self) -> float | None:
        """Milliseconds to the first piece; None where none has come."""
        return (self._times[0] - self.began) * 1000 if self._times else None

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds until now."""
        return (perf_counter() - self.began) * 1000

    def tokens_per_second(self, count: Callable[[str], int] | None = None) -> float | None:
        """Tokens over seconds, from the first piece on; None for an answer of one piece.

        `count` tells the tokens of a text. Without it each piece is one, as an Ollama server sends them.
        """
        if len(self._pieces) < 2 or self._times[-1] <= self._times[0]:
            return None
        rest = self._pieces[1:]
        return (count("".join(rest)) if count else len(rest)) / (self._times[-1] - self._times[0])
