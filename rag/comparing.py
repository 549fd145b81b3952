"""One question, the same passages, several models: one answers after the other, each checked as always."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from rag.answering import Answering, Generators
from rag.budget import Budget, Budgets
from rag.conversations import Exchange
from rag.conversations.conversation import new_id
from rag.documents import Event, Filters, Hit, Prompted, Thinking, Token
from rag.errors import BylineError
from rag.generating import Generator, Message, count_tokens
from rag.pace import Pace
from rag.retrieving import Retriever

LEAST, MOST = 2, 4
"""Models in a comparison."""
_KEPT = 20  # comparisons in memory; the oldest that has ended goes first

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """A model's answer so far; `loading` while the model is being read into memory, which is not timed.

    Milliseconds are from the prompt on: the search is the same for all, and only the first waits for it.
    `whole_ms` has the check in it.
    """

    exchange: Exchange
    loading: bool = False
    first_word_ms: float | None = None
    whole_ms: float | None = None
    tokens_per_second: float | None = None


class Comparison:
    """A question and the answers of several models, as they grow. Any thread may look at it."""

    def __init__(self, question: str, language: str, models: Sequence[str], filters: Filters) -> None:
        self.id, self.question, self.language, self.filters = new_id(), question, language, filters
        self.stopped = threading.Event()
        exchanges = [
            Exchange(id=new_id(), question=question, model=model, filters=filters, state="waiting")
            for model in models
        ]
        self._answers = {exchange.id: Compared(exchange) for exchange in exchanges}
        self._lock = threading.Lock()

    @property
    def answers(self) -> tuple[Compared, ...]:
        """The answers as they are now, in the order of their models."""
        with self._lock:
            return tuple(self._answers.values())

    @property
    def running(self) -> bool:
        """Whether any of them is being written, or waits for its turn."""
        return any(one.exchange.running for one in self.answers)

    def exchange(self, id: str) -> Exchange | None:
        """One of the answers."""
        with self._lock:
            found = self._answers.get(id)
            return found.exchange if found else None

    def stop(self) -> None:
        """End all of it; what was written is kept."""
        with self._lock:
            self.stopped.set()
            for id, one in self._answers.items():
                if one.exchange.running:
                    self._answers[id] = Compared(replace(one.exchange, state="stopped"))

    def become(self, id: str, event: Event | None = None, **changes: object) -> None:
        """Take what an answer has become, unless all was stopped."""
        with self._lock:
            one = self._answers[id]
            if not self.stopped.is_set():
                exchange = one.exchange.after(event) if event else one.exchange
                self._answers[id] = replace(one, exchange=exchange, **changes)  # type: ignore[arg-type]

    def fail(self, id: str, message: str) -> None:
        """Note that an answer broke off; "" for an unexpected error."""
        with self._lock:
            one = self._answers[id]
            if one.exchange.running:
                self._answers[id] = Compared(replace(one.exchange, state="failed", message=message))


class Comparisons:
    """Makes comparisons, one at a time, and keeps the last ones in memory. Thread safe."""

    def __init__(
        self, retriever: Retriever, answering: Answering, budgets: Budgets, generators: Generators
    ) -> None:
        self._retriever, self._answering = retriever, answering
        self._budgets, self._generators = budgets, generators
        self._made: OrderedDict[str, Comparison] = OrderedDict()
        self._lock, self._turn = threading.Lock(), threading.Lock()

    def get(self, id: str) -> Comparison | None:
        """A comparison that was made since the start."""
        return self._made.get(id)

    def begin(
        self, question: str, language: str, models: Sequence[str], filters: Filters = Filters()
    ) -> Comparison:
        """Begin one, in a thread of its own.

        Raises ValueError where there is no question, or there are too few or too many models.
        """
        models = list(dict.fromkeys(models))
        if not question.strip() or not LEAST <= len(models) <= MOST:
            raise ValueError("a comparison needs a question and two to four models")
        made = Comparison(question.strip(), language, models, filters)
        with self._lock:
            self._made[made.id] = made
            ended = [id for id, one in self._made.items() if not one.running]
            for id in ended[: max(0, len(self._made) - _KEPT)]:
                del self._made[id]
        threading.Thread(target=self._run, args=(made,), name="comparison", daemon=True).start()
        return made

    def _run(self, made: Comparison) -> None:
        with self._turn:
            budget = self._budgets.least([one.exchange.model for one in made.answers])
            hits: list[Hit] | None = None
            for one in made.answers:
                if made.stopped.is_set():
                    return
                try:
                    hits = self._found(made, budget) if hits is None else hits
                    self._answer(made, one.exchange, hits, budget)
                except BylineError as error:
                    made.fail(one.exchange.id, str(error))
                except Exception:
                    _log.exception("An answer of a comparison broke off")
                    made.fail(one.exchange.id, "")

    def _found(self, made: Comparison, budget: Budget) -> list[Hit]:
        return self._retriever.search(
            made.question, 2 * budget.passages, language=made.language, filters=made.filters
        )

    def _answer(self, made: Comparison, asked: Exchange, hits: Sequence[Hit], budget: Budget) -> None:
        made.become(asked.id, loading=True)
        generator = self._generators(asked.model)
        _load(generator)
        made.become(asked.id, loading=False)
        pace = Pace()
        events = self._answering.answer_from(
            made.question, hits, made.language, asked.model, self._generators, budget, made.filters
        )
        with closing(events):  # type: ignore[type-var]
            for event in events:
                if isinstance(event, Prompted) and pace.first_ms is None:
                    pace = Pace()
                if isinstance(event, Token | Thinking):
                    pace.note(event.text)
                made.become(asked.id, event)
                if made.stopped.is_set():
                    return
        whole = pace.elapsed_ms
        made.become(
            asked.id,
            first_word_ms=pace.first_ms,
            whole_ms=whole if pace.first_ms is not None else None,
            tokens_per_second=pace.tokens_per_second(_counter(generator)),
        )


def _load(generator: Generator) -> None:
    """Have the model in memory: one token of anything, in either runtime."""
    for _ in generator.stream([Message("user", "?")], 1):
        pass


def _counter(generator: Generator) -> Callable[[str], int] | None:
    """How to count an embedded model's tokens; a server sends them one by one."""
    if generator.model.runtime != "embedded":
        return None
    return partial(count_tokens, generator)
