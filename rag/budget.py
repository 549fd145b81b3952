"""How much of the library a model reads for an answer: as much as it can within the reader's patience.

On a CPU the prompt is the price of an answer: a model of 1.5B on two cores reads some 80 tokens a second,
on a GPU thousands. So the budget follows the speed that the engine had with its last prompts. How much a
model can use differs as well: a small one loses the answer among many passages.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rag.generating import Model
from rag.prompting import able

_PASSAGES, _TOKENS = 4, 180
"""Passages and their tokens until a model's speed is known, and at the least (bench/ANSWERING.md)."""
_MOST_PASSAGES, _MOST_TOKENS, _MOST_SMALL = 12, 1400, 500
"""The most, of tokens also for a small model. More would not fit with an answer into the 4,096 tokens that
an Ollama server sets up at first, by the upper bound that is reckoned with there: it would load the model
anew."""
_SECONDS = 3.0
"""From the passages to the first word; with search and start the reader then waits some 3.5 s."""
_AROUND = 90  # tokens of a prompt around the passages: template, role, question
_OVER, _BOUND = 1.2, 2.4
"""Tokens over estimated ones (rag.splitting.estimate_tokens): of Qwen 2.5; the most of any tokenizer
(rag.generating.ollama_generator)."""
_LEAST = 100
_KEPT = 5  # speeds of a model's last prompts; the median counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most `passages`, in `prompt_tokens` (estimated); an answer ends at `answer_tokens`."""

    passages: int
    prompt_tokens: int
    answer_tokens: int


class Budgets:
    """Each model's budget, by the speeds that are heard of it. Thread safe.

    `passages` and `prompt_tokens` rule where they are given; `context` is what an embedded engine sets up.
    """

    def __init__(
        self, *, passages: int | None, prompt_tokens: int | None, answer_tokens: int, context: int
    ) -> None:
        self._passages, self._tokens = passages, prompt_tokens
        self._answer, self._context = answer_tokens, context
        self._heard: dict[str, tuple[Model, deque[float]]] = {}
        self._lock = threading.Lock()

    def heard(self, name: str, model: Model, speed: float | None) -> None:
        """Remember how many prompt tokens a second a model, asked for by `name`, read; None is no news."""
        if speed is not None:
            with self._lock:
                speeds = self._heard.setdefault(name, (model, deque(maxlen=_KEPT)))[1]
                speeds.append(speed)

    def of(self, name: str) -> Budget:
        """The budget of the model of that name for its next answer."""
        with self._lock:
            known = self._heard.get(name)
            tokens = self._tokens or (self._affordable(known[0], median(known[1])) if known else _TOKENS)
        return Budget(
            passages=self._passages or passages_in(tokens), prompt_tokens=tokens, answer_tokens=self._answer
        )

    def least(self, names: Sequence[str]) -> Budget:
        """The smallest of several models' budgets: what all of them can read in time."""
        return min(map(self.of, names), key=lambda budget: budget.prompt_tokens)

    def _affordable(self, model: Model, speed: float) -> int:
        embedded = model.runtime == "embedded"
        context = min(self._context, model.context or self._context) if embedded else model.context
        return affordable(speed, model.parameters, (context or math.inf) - self._answer)


def affordable(speed: float, parameters: str, room: float) -> int:
    """Estimated tokens of passages for a model that reads `speed` prompt tokens a second.

    `parameters` are such as "1.5B", "" where unknown; `room` is how many tokens a prompt may have.
    """
    in_time = (_SECONDS * speed - _AROUND) / _OVER
    most = _MOST_TOKENS if able(parameters) else _MOST_SMALL
    return max(_LEAST, int(min(max(in_time, _TOKENS), most, room / _BOUND - _AROUND)))


def passages_in(tokens: int) -> int:
    """How many passages share a budget of tokens."""
    share = (tokens - _TOKENS) / (_MOST_TOKENS - _TOKENS)
    return round(_PASSAGES + (_MOST_PASSAGES - _PASSAGES) * min(max(share, 0), 1))
