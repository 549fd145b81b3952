"""Works around a race in Streamlit that left pages blank, with errors such as "Bad delta path".

A session runs its script in a runner that ends when nothing is left to run. A request that arrives while the
last events of an ended runner are still queued starts another runner, and Streamlit then drops these events:
the end of the page. The next polled answer is drawn into an element that the browser does not have. Measured
with a server whose loop was blocked for 50 ms at every third request: 561 events lost in 4 conversations of
two tabs; with this, none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

_NAME = "_handle_scriptrunner_event_on_event_loop"


class RunnerHolder(Protocol):
    """A session of Streamlit with its current runner."""

    _scriptrunner: Any


Handle = Callable[..., None]


def accept_late_events(handle: Handle) -> Handle:
    """Return a handler that also accepts events of an earlier runner, except its shutdown.

    Events are handled in order, and runners are not interrupted (`runner.fastReruns` is off). Those of an
    earlier runner are therefore complete, and precede those of the current one.
    """

    def handle_all(session: RunnerHolder, sender: Any, event: ScriptRunnerEvent, *more: Any) -> None:
        current = session._scriptrunner
        if current is None or sender is current or event is ScriptRunnerEvent.SHUTDOWN:
            handle(session, sender, event, *more)
            return
        session._scriptrunner = sender
        try:
            handle(session, sender, event, *more)
        finally:
            session._scriptrunner = current

    return handle_all


def install() -> None:
    """Make all sessions accept late events, from now on."""
    setattr(AppSession, _NAME, accept_late_events(getattr(AppSession, _NAME)))
