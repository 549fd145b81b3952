"""Observers of answers: each sees the events of every answer, as they happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Protocol

from rag.events import Event


class Observation(Protocol):
    """What an observer does with one answer."""

    def event(self, event: Event) -> None:
        """Take an event."""
        ...

    def close(self) -> None:
        """Take the end of the stream, which has no end event where the answer was stopped."""
        ...


Observer = Callable[[str], Observation]
"""Begins the observation of the answer to a question."""


def observed(events: Iterator[Event], question: str, observers: Sequence[Observer]) -> Iterator[Event]:
    """Yield the events of an answer, which the observers see first; closing the iterator stops the answer."""
    seen = [begin(question) for begin in observers]
    try:
        with closing(events) as stream:  # type: ignore[type-var]  # it is a generator
            for event in stream:
                for one in seen:
                    one.event(event)
                yield event
    finally:
        for one in seen:
            one.close()
