"""Metrics in Prometheus' text format: answers by outcome, their times, the size of the library."""

from __future__ import annotations

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from rag.events import Event, Retrieved, Token
from rag.observability.outcomes import STOPPED, answer_of, outcome_of
from rag.store.ledger_rows import Overview

_BUCKETS_S = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160)
"""Bounds of the histograms in seconds, from passages to a large model's answer on a CPU. Not fitted."""


class Metrics:
    """An Observer that counts and times the answers of this process. Thread safe."""

    CONTENT_TYPE = CONTENT_TYPE_LATEST

    def __init__(self, overview: Callable[[], Overview]) -> None:
        self._registry = registry = CollectorRegistry()
        self.answers = Counter(
            "byline_answers", "Answers by outcome and kind.", ["outcome", "kind"], registry=registry
        )
        self.seconds = Histogram(
            "byline_answer_seconds",
            "Seconds from the question to the passages, the first word and the end.",
            ["until"],
            buckets=_BUCKETS_S,
            registry=registry,
        )
        articles = Gauge("byline_articles", "Articles in the library.", registry=registry)
        articles.set_function(lambda: overview().articles)
        passages = Gauge("byline_passages", "Indexed passages.", registry=registry)
        passages.set_function(lambda: overview().passages)

    def __call__(self, _: str) -> _Timed:
        """Begin to observe an answer."""
        return _Timed(self)

    def text(self) -> bytes:
        """Return all metrics. Raises LibraryDamaged where the library cannot be read."""
        return generate_latest(self._registry)


class _Timed:
    def __init__(self, metrics: Metrics) -> None:
        self._metrics, self._began = metrics, time.perf_counter()
        self._seen: set[str] = set()
        self._outcome, self._kind = STOPPED, ""

    def event(self, event: Event) -> None:
        if isinstance(event, Retrieved):
            self._lap("passages")
        elif isinstance(event, Token):
            self._lap("first_word")
        elif (outcome := outcome_of(event)) and (answer := answer_of(event)):
            self._outcome, self._kind = outcome, answer.kind

    def close(self) -> None:
        self._lap("end")
        self._metrics.answers.labels(self._outcome, self._kind).inc()

    def _lap(self, until: str) -> None:
        if until not in self._seen:
            self._seen.add(until)
            self._metrics.seconds.labels(until).observe(time.perf_counter() - self._began)
