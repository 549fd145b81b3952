"""Works around a race in Streamlit that blanked a page, or undid a click on a link to another page.

A fragment that is clicked at the moment of a page change sends its request from the previous page. If
Streamlit answers it after the new page has been drawn, the browser clears the page and draws nothing. If the
page change is still queued, Streamlit merges both requests and stays on the previous page. Reproduced by two
clicks in one turn of the browser's event loop, on a page that takes 2 s (Streamlit 1.67.0).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from streamlit.runtime.scriptrunner import ScriptRunner, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

_QUEUE, _RUN = "_request_rerun_locked", "_run_script"

Queue = Callable[[Any, RerunData], bool]
Run = Callable[[Any, RerunData], None]


def preserve_waiting_page(queue: Queue) -> Queue:
    """Return a queue in which a fragment's request does not replace a waiting page change."""

    def add(requests: Any, data: RerunData) -> bool:
        waiting = requests._rerun_data
        if data.fragment_id and requests._state is ScriptRequestType.RERUN and not waiting.fragment_id_queue:
            data = _on_page(data, waiting.page_script_hash, waiting.page_name, waiting.query_string)
        return queue(requests, data)

    return add


def preserve_shown_page(run: Run) -> Run:
    """Return a run that redraws the current page if the requested fragments are of another page."""

    def run_shown(runner: Any, data: RerunData) -> None:
        shown, queue = get_script_run_ctx(), data.fragment_id_queue
        if shown and queue and not any(map(runner._fragment_storage.contains, queue)):
            data = _on_page(data, shown.page_script_hash, "", shown.query_string)
            data = replace(data, fragment_id_queue=[], is_fragment_scoped_rerun=False)
        run(runner, data)

    return run_shown


def _on_page(data: RerunData, page_hash: str, page_name: str, query: str) -> RerunData:
    return replace(data, page_script_hash=page_hash, page_name=page_name, query_string=query)


def install() -> None:
    """Make all sessions stay on the page that was requested last, from now on."""
    setattr(ScriptRequests, _QUEUE, preserve_waiting_page(getattr(ScriptRequests, _QUEUE)))
    setattr(ScriptRunner, _RUN, preserve_shown_page(getattr(ScriptRunner, _RUN)))
