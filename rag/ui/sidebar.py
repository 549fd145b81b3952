"""The side of every page: where one can go, and the language of the interface."""

from __future__ import annotations

import streamlit as st

from rag.ui import language
from rag.ui.strings import Strings


def draw(s: Strings) -> None:
    """Draw it; pages add what is theirs above the language."""
    with st.sidebar, st.container(key="interface"):
        language.picker(s)
    language.tell_browser(s)
