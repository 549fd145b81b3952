"""The prompt budget: how many tokens of passages a model reads within an acceptable delay.

On a CPU, reading the prompt dominates the time of an answer: a 1.5B model on two cores reads about 80 tokens
a second, on a GPU thousands. So the budget follows the engine's speed with the last prompts. Small models
also lose the answer among many passages, so their budget has a lower maximum.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rag.answering.prompts import follows_instructions
from rag.llm.generator import Model
from rag.types import AnswerLength

DEFAULT_PASSAGES, DEFAULT_TOKENS = 4, 180
"""Budget while a model's speed is unknown, and the minimum afterwards. Fitted on 50 + 30 questions:
docs/benchmarks.md."""
MAX_PASSAGES, MAX_TOKENS, MAX_TOKENS_SMALL_MODEL = 12, 1400, 500
"""Maximum budget. At MAX_TOKEN_RATIO, a larger one would not fit with an answer into the 4,096 tokens of
context that an Ollama server allocates by default, and the server would reload the model."""
PROMPT_S = 3.0
"""Seconds for reading the prompt; with search and start-up the first word takes about 3.5 s. Not fitted."""
OVERHEAD_TOKENS = 90
"""Tokens of a prompt besides the passages: template, role and question."""
TOKEN_RATIO, MAX_TOKEN_RATIO = 1.2, 2.4
"""Real tokens per estimated token (rag.text.splitter.estimate_tokens): with Qwen 2.5, and the maximum of any
tokenizer (rag.llm.token_bounds)."""
MIN_TOKENS = 100
"""Minimum budget in estimated tokens. Not fitted."""
ANSWER_SHARES: dict[AnswerLength, float] = {"short": 0.5, "normal": 1.0, "long": 2.5}
"""Maximum tokens of an answer of each length, as shares of the setting. Not fitted."""
SPEEDS_KEPT = 5
"""Prompt speeds kept for each model; their median counts. Not fitted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Maxima: passages, estimated tokens of all passages, and tokens of the answer."""

    passages: int
    prompt_tokens: int
    answer_tokens: int


class Budgets:
    """Computes each model's budget from its recorded prompt speeds. Thread safe.

    `passages` and `prompt_tokens` override the computed budget where given; `context` is an embedded engine's
    context length in tokens.
    """

    def __init__(
        self, *, passages: int | None, prompt_tokens: int | None, answer_tokens: int, context: int
    ) -> None:
        self._passages, self._tokens = passages, prompt_tokens
        self._answer, self._context = answer_tokens, context
        self._speeds: dict[str, tuple[Model, deque[float]]] = {}
        self._lock = threading.Lock()

    def record(self, name: str, model: Model, speed: float | None) -> None:
        """Record a prompt speed, in tokens a second, of the model with this name; None is ignored."""
        if speed is not None:
            with self._lock:
                speeds = self._speeds.setdefault(name, (model, deque(maxlen=SPEEDS_KEPT)))[1]
                speeds.append(speed)

    def of(self, name: str, length: AnswerLength = "normal") -> Budget:
        """Return the budget of a model's next answer of a length."""
        answer = round(self._answer * ANSWER_SHARES[length])
        with self._lock:
            known = self._speeds.get(name)
            tokens = self._tokens or (
                self._affordable_tokens(known[0], median(known[1]), answer) if known else DEFAULT_TOKENS
            )
        return Budget(
            passages=self._passages or max_passages(tokens), prompt_tokens=tokens, answer_tokens=answer
        )

    def smallest(self, names: Sequence[str]) -> Budget:
        """Return the smallest of several models' budgets."""
        return min(map(self.of, names), key=lambda budget: budget.prompt_tokens)

    def _affordable_tokens(self, model: Model, speed: float, answer: int) -> int:
        embedded = model.runtime == "embedded"
        context = min(self._context, model.context or self._context) if embedded else model.context
        return affordable_tokens(speed, model.parameters, (context or math.inf) - answer)


def affordable_tokens(speed: float, parameters: str, max_prompt_tokens: float) -> int:
    """Return the estimated tokens of passages that a model reads within PROMPT_S, at `speed` tokens a second.

    `parameters` is the model's size, such as "1.5B", "" where unknown; `max_prompt_tokens` are real ones.
    """
    in_time = (PROMPT_S * speed - OVERHEAD_TOKENS) / TOKEN_RATIO
    max_tokens = MAX_TOKENS if follows_instructions(parameters) else MAX_TOKENS_SMALL_MODEL
    max_in_context = max_prompt_tokens / MAX_TOKEN_RATIO - OVERHEAD_TOKENS
    return max(MIN_TOKENS, int(min(max(in_time, DEFAULT_TOKENS), max_tokens, max_in_context)))


def max_passages(tokens: int) -> int:
    """Return the maximum number of passages for a budget of estimated tokens."""
    share = (tokens - DEFAULT_TOKENS) / (MAX_TOKENS - DEFAULT_TOKENS)
    return round(DEFAULT_PASSAGES + (MAX_PASSAGES - DEFAULT_PASSAGES) * min(max(share, 0), 1))
