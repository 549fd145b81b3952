"""Start a conversation that searches only selected articles, from any page."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from rag.ui import filter_form, url_state

_CHOSEN = "ask-these"
"""Session key of the articles selected in a callback, until the page is switched."""


def begin(ids: Iterable[object]) -> None:
    """Make the next run switch to a new conversation about these articles. For use in callbacks."""
    st.session_state[_CHOSEN] = [str(id) for id in ids]


def follow(page: st.Page) -> None:
    """Switch to the conversation page where articles were selected."""
    if ids := st.session_state.pop(_CHOSEN, None):
        url_state.forget_pending()
        st.switch_page(page, query_params={filter_form.AMONG: ids})


def leave_fragment() -> None:
    """Redraw the whole page where articles were selected in a fragment: its runs cannot switch pages."""
    if _CHOSEN in st.session_state:
        st.rerun()
