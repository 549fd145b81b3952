"""The side of every page: where one can go, and the language of the interface."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.ui import language
from rag.ui.strings import Strings


def ways(pages: Mapping[str, StreamlitPage], s: Strings) -> None:
    """The links to all pages, at the top."""
    labels = {"ask": s.ask_label, "adding": s.nav_adding}
    with st.sidebar, st.container(key="ways"):
        for name, page in pages.items():
            st.page_link(page, label=labels[name])


def draw(s: Strings) -> None:
    """What stands at the bottom; pages add what is theirs in between."""
    with st.sidebar, st.container(key="interface"):
        language.picker(s)
    language.tell_browser(s)
