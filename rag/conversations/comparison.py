"""Comparisons: several models answer one question from the same passages, one after the other."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial

from rag.answering.budget import Budget, Budgets
from rag.answering.pipeline import AnswerPipeline, Generators
from rag.answering.query import Request
from rag.conversations import Exchange
from rag.conversations.answer_task import AnswerTask, Step
from rag.conversations.conversation import new_id
from rag.events import Answered, Event, Failed, Loading, NotFound, Prompted, Thinking, Token, Unconfirmed
from rag.llm import generator as llm
from rag.llm.generator import ChatMessage, count_tokens
from rag.llm.throughput import Throughput
from rag.retrieval.retriever import Retriever
from rag.types import Filters, Hit

MIN_MODELS, MAX_MODELS = 2, 4
"""Minimum and maximum number of models in a comparison. Not fitted."""
MAX_COMPARISONS = 20
"""Maximum number of comparisons in memory; the oldest one that has ended is dropped first. Not fitted."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A model's answer so far; `loading` is True while the model is being loaded into memory.

    Times are in milliseconds from the prompt, because only the first model waits for the search. They exclude
    loading; `whole_ms` includes verification.
    """

    exchange: Exchange
    loading: bool = False
    first_word_ms: float | None = None
    whole_ms: float | None = None
    tokens_per_second: float | None = None


class Comparison:
    """A question and the answers of several models while they are written. Thread safe."""

    def __init__(
        self,
        question: str,
        language: str,
        models: Sequence[str],
        filters: Filters,
        person: str | None = None,
    ) -> None:
        self.id, self.question, self.language, self.filters = new_id(), question, language, filters
        self.person = person
        exchanges = [
            Exchange(id=new_id(), question=question, model=model, filters=filters, state="waiting")
            for model in models
        ]
        self._answers = {exchange.id: Compared(exchange) for exchange in exchanges}
        self._tasks: list[AnswerTask] = []
        self._lock = threading.Lock()

    @property
    def answers(self) -> tuple[Compared, ...]:
        """The current answers, in the order of their models."""
        with self._lock:
            return tuple(self._answers.values())

    @property
    def running(self) -> bool:
        """Whether any answer is being written or waiting."""
        return any(one.exchange.running for one in self.answers)

    def exchange(self, id: str) -> Exchange | None:
        """Return the answer with an id, None if there is none."""
        with self._lock:
            found = self._answers.get(id)
            return found.exchange if found else None

    def start(self, tasks: Sequence[AnswerTask]) -> None:
        """Run the tasks that write the answers."""
        self._tasks = list(tasks)
        for task in tasks:
            task.start()

    def stop(self) -> None:
        """Stop all answers; text written so far is kept."""
        for task in self._tasks:
            task.stop()
        for one in self.answers:
            self.advance(one.exchange.id, lambda exchange: replace(exchange, state="stopped"))

    def advance(self, id: str, step: Step) -> None:
        """Apply a step to an answer, if it is running."""
        with self._lock:
            one = self._answers[id]
            if one.exchange.running:
                exchange = step(one.exchange)
                self._answers[id] = replace(one, exchange=exchange, loading=one.loading and exchange.running)

    def load(self, id: str, *, loading: bool) -> None:
        """Set whether a running answer's model is being loaded."""
        with self._lock:
            one = self._answers[id]
            self._answers[id] = replace(one, loading=loading and one.exchange.running)

    def time(self, id: str, throughput: Throughput, count: Callable[[str], int] | None) -> None:
        """Set the times of an answer that has ended; `count` counts the tokens of a text."""
        total = throughput.elapsed_ms if throughput.first_ms is not None else None
        speed = throughput.tokens_per_second(count)
        with self._lock:
            self._answers[id] = replace(
                self._answers[id], first_word_ms=throughput.first_ms, whole_ms=total, tokens_per_second=speed
            )


class Comparisons:
    """Runs comparisons one at a time, and keeps the last ones in memory. Thread safe."""

    def __init__(
        self, retriever: Retriever, answering: AnswerPipeline, budgets: Budgets, generators: Generators
    ) -> None:
        self._retriever, self._answering = retriever, answering
        self._budgets, self._generators = budgets, generators
        self._comparisons: OrderedDict[str, Comparison] = OrderedDict()
        self._last_task: AnswerTask | None = None
        self._lock = threading.Lock()

    def get(self, id: str) -> Comparison | None:
        """Return the comparison with an id, None if it is no longer kept."""
        return self._comparisons.get(id)

    def begin(
        self,
        question: str,
        language: str,
        models: Sequence[str],
        filters: Filters = Filters(),
        person: str | None = None,
    ) -> Comparison:
        """Begin a comparison, of a person if one is given; it runs in its own threads after all earlier ones.

        Raises ValueError if there is no question, or too few or too many distinct models.
        """
        models = list(dict.fromkeys(models))
        if not question.strip() or not MIN_MODELS <= len(models) <= MAX_MODELS:
            raise ValueError("a comparison needs a question and two to four models")
        comparison = Comparison(question.strip(), language, models, filters, person)
        with self._lock:
            self._keep(comparison)
            comparison.start(self._tasks(comparison))
        return comparison

    def _keep(self, comparison: Comparison) -> None:
        self._comparisons[comparison.id] = comparison
        ended = [id for id, one in self._comparisons.items() if not one.running]
        for id in ended[: max(0, len(self._comparisons) - MAX_COMPARISONS)]:
            del self._comparisons[id]

    def _tasks(self, comparison: Comparison) -> list[AnswerTask]:
        """Return a task for each model; the first waits for the last task of the previous comparison."""
        budget = cache(lambda: self._budgets.smallest([one.exchange.model for one in comparison.answers]))
        search = cache(lambda: self._search(comparison, budget()))
        tasks = []
        for one in comparison.answers:
            events = partial(self._answer, comparison, one.exchange, search, budget)
            change = partial(comparison.advance, one.exchange.id)
            self._last_task = AnswerTask(events, change, after=self._last_task)
            tasks.append(self._last_task)
        return tasks

    def _search(self, comparison: Comparison, budget: Budget) -> list[Hit]:
        return self._retriever.search(
            comparison.question, 2 * budget.passages, language=comparison.language, filters=comparison.filters
        )

    def _answer(
        self,
        comparison: Comparison,
        exchange: Exchange,
        search: Callable[[], list[Hit]],
        budget: Callable[[], Budget],
    ) -> Generator[Event, None, None]:
        """Yield the events of a model's answer; the time to load the model is not counted."""
        hits = search()
        comparison.load(exchange.id, loading=True)
        generator = self._generators(exchange.model)
        yield from _load(generator)
        comparison.load(exchange.id, loading=False)
        request = Request(
            comparison.question, comparison.language, exchange.model, filters=comparison.filters
        )
        with closing(self._answering.answer_from(request, hits, budget())) as events:  # type: ignore[type-var]
            yield from self._timed(comparison, exchange.id, events, _counter(generator))

    @staticmethod
    def _timed(
        comparison: Comparison, id: str, events: Iterable[Event], count: Callable[[str], int] | None
    ) -> Generator[Event, None, None]:
        """Yield the events unchanged, and measure times from the first prompt."""
        throughput = Throughput()
        for event in events:
            match event:
                case Prompted() if throughput.first_ms is None:
                    throughput = Throughput()
                case Token(text) | Thinking(text):
                    throughput.record(text)
                case Answered() | Unconfirmed() | NotFound() | Failed():
                    comparison.time(id, throughput, count)
                case _:
                    pass
            yield event


def _load(generator: llm.Generator) -> Iterator[Event]:
    """Load the model into memory, in either runtime, by generating a single token."""
    with closing(generator.stream([ChatMessage("user", "?")], 1)) as pieces:  # type: ignore[type-var]
        yield from (piece for piece in pieces if isinstance(piece, Loading))


def _counter(generator: llm.Generator) -> Callable[[str], int] | None:
    """Return the token counter of an embedded model; None for a server, which sends single tokens."""
    if generator.model.runtime != "embedded":
        return None
    return partial(count_tokens, generator)
