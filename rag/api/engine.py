"""Runs the library's blocking work in threads, which end when their request is given up."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, from_thread, to_thread

from rag.api.whole_request import hung_up
from rag.events import End, Event
from rag.library import Library

T = TypeVar("T")
OnEvent = Callable[[Event], Coroutine[Any, Any, None]]

MAX_ANSWERS = 16
"""Answers at a time; others wait for a thread, in the order in which they came. Not fitted."""
MAX_CALLS = 8
"""Other calls at a time, such as searches, which need not wait for answers. Not fitted."""


@dataclass(frozen=True)
class Engine:
    """A library, opened with the first call, for coroutines.

    `open` returns the same library each time. Its errors are raised by every method.
    """

    open: Callable[[], Library]
    _answering: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(MAX_ANSWERS))
    _calling: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(MAX_CALLS))

    async def call(self, work: Callable[[Library], T]) -> T:
        """Call a function with the library, in a thread."""
        return await to_thread.run_sync(lambda: work(self.open()), limiter=self._calling)

    async def answer(self, ask: Callable[[Library], Iterator[Event]], on_event: OnEvent) -> End:
        """Ask, and return the end; `on_event` gets each event before it.

        If this is cancelled, the answer is stopped with its next event, which frees the model. It is waited
        for: the thread that runs a generator must close it.
        """
        run = partial(_run, self.open, ask, on_event)
        return await to_thread.run_sync(run, limiter=self._answering)


def _run(open_: Callable[[], Library], ask: Callable[[Library], Any], on_event: OnEvent) -> End:
    gone = hung_up.get()
    with closing(ask(open_())) as events:
        for event in events:
            from_thread.check_cancelled()
            if gone.is_set():  # the package mcp keeps cancellation from its tools
                raise InterruptedError
            if isinstance(event, End):
                return event
            from_thread.run(on_event, event)
    raise AssertionError("every stream of events has an end")
