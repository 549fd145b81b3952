"""The page that was asked for last is shown, although a fragment of the page before was clicked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from rag.ui import page_changes

OLD, NEW = "page that was left", "page that was opened"
CHANGE = RerunData(page_script_hash=NEW, page_name="opened", query_string="a=1")
CLICK = RerunData(page_script_hash=OLD, fragment_id="part")


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> ScriptRequests:
    queue = ScriptRequests._request_rerun_locked
    monkeypatch.setattr(ScriptRequests, page_changes._QUEUE, page_changes.preserve_waiting_page(queue))
    return ScriptRequests()


def test_a_click_in_the_page_that_was_left_does_not_undo_a_waiting_change(requests: ScriptRequests) -> None:
    assert requests.request_rerun(CHANGE) and requests.request_rerun(CLICK)
    waiting = requests.on_scriptrunner_ready().rerun_data
    assert (waiting.page_script_hash, waiting.page_name, waiting.query_string) == (NEW, "opened", "a=1")
    assert waiting.fragment_id_queue == []


def test_a_change_after_a_click_and_clicks_alone_are_as_before(requests: ScriptRequests) -> None:
    assert requests.request_rerun(CLICK) and requests.request_rerun(CHANGE)
    assert requests.on_scriptrunner_ready().rerun_data.page_script_hash == NEW
    assert requests.request_rerun(CLICK) and requests.request_rerun(CLICK)
    alone = requests.on_scriptrunner_ready().rerun_data
    assert (alone.page_script_hash, alone.fragment_id_queue) == (OLD, ["part"])


@pytest.mark.parametrize(("present", "page", "queue"), [(set(), NEW, []), ({"part"}, OLD, ["part"])])
def test_a_fragment_that_has_left_draws_the_shown_page(
    present: set[str], page: str, queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = SimpleNamespace(page_script_hash=NEW, query_string="")
    monkeypatch.setattr(page_changes, "get_script_run_ctx", lambda: shown)
    ran: list[RerunData] = []

    def run(_: Any, data: RerunData) -> None:
        ran.append(data)

    runner = SimpleNamespace(_fragment_storage=present_fragments(present))
    page_changes.preserve_shown_page(run)(runner, RerunData(page_script_hash=OLD, fragment_id_queue=["part"]))
    assert [(one.page_script_hash, one.fragment_id_queue) for one in ran] == [(page, queue)]


def present_fragments(ids: set[str]) -> SimpleNamespace:
    return SimpleNamespace(contains=ids.__contains__)


def test_streamlit_still_has_the_methods_that_are_mended() -> None:
    assert callable(getattr(ScriptRequests, page_changes._QUEUE))
    assert callable(getattr(ScriptRunner, page_changes._RUN))
