"""The task that writes one answer into its exchange; conversations and comparisons run it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from operator import methodcaller

from rag.conversations.exchange import Exchange
from rag.errors import BylineError
from rag.events import Event
from rag.locales.message import Message

Step = Callable[[Exchange], Exchange]
"""A function from a snapshot of an exchange to the next one."""

_log = logging.getLogger(__name__)


class AnswerTask:
    """Applies the events of an answer to its exchange, in a thread of its own.

    `events` begins the answer. `on_change` receives each step. It must apply the step atomically, and only
    while the exchange is running, so that a stopped exchange does not change. The task first waits for the
    end of `after`. `on_end` runs last, when the next task may already have begun.
    """

    def __init__(
        self,
        events: Callable[[], Generator[Event, None, None]],
        on_change: Callable[[Step], None],
        *,
        after: AnswerTask | None = None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._events, self._on_change, self._on_end = events, on_change, on_end
        self.ended, self._stopped = threading.Event(), threading.Event()
        # Not the task itself, which would keep all its predecessors in memory.
        self._previous_ended = after.ended if after else None

    def start(self) -> None:
        """Start the thread and return at once."""
        threading.Thread(target=self._run, name="answer", daemon=True).start()

    def stop(self) -> None:
        """End the generation after its next event; the exchange's owner sets its state."""
        self._stopped.set()

    def _run(self) -> None:
        if self._previous_ended:
            self._previous_ended.wait()
        try:
            if not self._stopped.is_set():
                self._apply_events()
        except BylineError as error:
            self._fail(error.message)
        except Exception:
            _log.exception("An answer broke off")
            self._fail(Message.of("unexpected"))
        finally:
            self.ended.set()
        self._on_end()

    def _apply_events(self) -> None:
        # Closing ends the generation; only the thread that runs a generator can close it.
        with closing(self._events()) as events:
            for event in events:
                self._on_change(methodcaller("after", event))
                if self._stopped.is_set():
                    return
        self._on_change(
            lambda exchange: replace(exchange, state="failed")
        )  # the events ended without a result

    def _fail(self, message: Message) -> None:
        self._on_change(lambda exchange: replace(exchange, state="failed", message=message))
