"""The script that draws the site, as Streamlit runs it."""

from __future__ import annotations

import sys

import pytest
from streamlit.runtime.scriptrunner.exec_code import modified_sys_path
from streamlit.testing.v1 import AppTest

from app import SITE
from rag.settings import Settings
from rag.ui import app_state, setup_page


def test_a_run_leaves_the_import_path_alone() -> None:
    before = list(sys.path)
    with modified_sys_path(str(SITE)):
        assert sys.path == before, "an import in another thread may fail meanwhile"


def test_a_fault_while_drawing_is_reported_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_state, "settings", Settings)
    monkeypatch.setattr(app_state, "library", object)
    monkeypatch.setattr(setup_page, "needed", lambda _: False)

    def script() -> None:
        import streamlit as st

        from rag.ui.page_frame import framed

        def page(*_: object) -> None:
            st.markdown("Drawn before")
            if not st.session_state.setdefault("again", False):
                st.session_state["again"] = True
                raise ModuleNotFoundError("No module named 'grpc'")
            st.markdown("Drawn after")

        framed(page, empty=True, list_conversations=False, sync_notebook=False)()

    shown = AppTest.from_function(script).run()
    texts = [one.value for one in shown.markdown]
    assert texts[:2] == ["Drawn before", "## This part of the page could not be shown"]
    assert "app’s log" in texts[2].replace("'", "’") and not shown.exception
    assert "Drawn after" in [one.value for one in shown.button[0].click().run().markdown]
