"""Pages that are one calm message: what happened and what to do."""

from __future__ import annotations

import streamlit as st

from rag.ui import masthead
from rag.ui.escaping import plain
from rag.ui.strings import Strings


def heading(title: str, more: str) -> None:
    """A headline of ours and a sentence under it; `more` may hold foreign text."""
    st.markdown(f"## {title}")
    st.markdown(plain(more))


def problem(title: str, message: str, s: Strings) -> bool:
    """Show what went wrong; True when the reader wants to try again."""
    masthead.draw(s)
    with st.container(key="problem"):
        heading(title, message or s.unexpected)
        return st.button(s.retry, type="primary")
