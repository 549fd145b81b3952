"""The end of what was drawn reaches the browser, although another run has begun."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

from rag.ui.late_events import accept_late_events


def test_events_of_a_runner_that_has_been_followed_by_another_are_not_lost() -> None:
    taken: list[tuple[str, ScriptRunnerEvent]] = []

    def handle(session: Any, sender: str, event: ScriptRunnerEvent) -> None:
        if sender is session._scriptrunner:  # as Streamlit does
            taken.append((sender, event))

    session = SimpleNamespace(_scriptrunner="second")
    take = accept_late_events(handle)
    sent = [
        ("first", ScriptRunnerEvent.ENQUEUE_FORWARD_MSG),
        ("first", ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS),
        ("second", ScriptRunnerEvent.SCRIPT_STARTED),
    ]
    for sender, event in [*sent, ("first", ScriptRunnerEvent.SHUTDOWN)]:
        take(session, sender, event)
    assert taken == sent and session._scriptrunner == "second"


def test_streamlit_still_has_the_handler_that_is_mended() -> None:
    from rag.ui import late_events

    assert callable(getattr(AppSession, late_events._NAME))
