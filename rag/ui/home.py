"""The front page: set up what is missing, open the library, converse."""

from __future__ import annotations

import streamlit as st

from rag.errors import BylineError
from rag.ui import chat, notices, resources, setup, styling
from rag.ui.strings import strings


def page() -> None:
    """Draw the front page; every error a user can meet becomes one message with a way on."""
    styling.apply()
    s = strings()
    try:
        settings = resources.settings()
        if setup.needed(settings):
            setup.page(settings, s)
            return
        with st.spinner(s.opening):
            library = resources.library()
        if not setup.empty(library, s):
            chat.page(library, s)
    except BylineError as error:
        if notices.problem(s.cannot_open, str(error), s):
            st.rerun()
