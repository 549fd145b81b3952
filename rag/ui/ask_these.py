"""Ask chosen articles: from any page to a new conversation that searches only these."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from rag.ui import filter_form, url_state

_CHOSEN = "ask-these"
"""Session key of the articles that were chosen in a callback, until the page is switched."""


def begin(ids: Iterable[object]) -> None:
    """Have the next run switch to a new conversation among these articles. For use in callbacks."""
    st.session_state[_CHOSEN] = [str(id) for id in ids]


def follow(page: st.Page) -> None:
    """Switch to the page of questions where articles were chosen."""
    if ids := st.session_state.pop(_CHOSEN, None):
        url_state.forget_pending()
        st.switch_page(page, query_params={filter_form.AMONG: ids})


def leave_fragment() -> None:
    """Draw the whole page again where articles were chosen in a fragment, whose runs switch no page."""
    if _CHOSEN in st.session_state:
        st.rerun()
