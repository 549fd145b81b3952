"""The site's pages by name, for links between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

_PAGES = "site-pages"
"""Session key of the pages."""


def register(pages: Mapping[str, st.Page]) -> None:
    """Register the pages of this run."""
    st.session_state[_PAGES] = dict(pages)


def link(name: str, label: str, icon: str, parameters: Mapping[str, Sequence[str]]) -> None:
    """Draw a link to a page with parameters of its address."""
    page = st.session_state.get(_PAGES, {}).get(name)
    if page is not None:
        st.page_link(page, label=label, icon=icon, query_params={k: list(v) for k, v in parameters.items()})


def switch(name: str, parameters: Mapping[str, Sequence[str]]) -> None:
    """Switch to a page, which ends this run."""
    st.switch_page(
        st.session_state[_PAGES][name], query_params={k: list(v) for k, v in parameters.items() if v}
    )
