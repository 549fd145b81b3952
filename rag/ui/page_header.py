"""The header of every page, and a small table of names and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st

from rag.ui.strings import Strings


def draw(s: Strings, on_new: Callable[[], None] | None = None) -> None:
    """Draw the name, and a button for a new conversation where `on_new` is given."""
    with st.container(key="masthead", horizontal=True, vertical_alignment="center"):
        st.html(f'<h1 class="by-name">Byline</h1><p class="by-tagline">{escape(s.page.tagline)}</p>')
        if on_new is not None:
            st.button(s.page.new_conversation, key="new", type="tertiary", on_click=on_new)


def table(title: str, rows: Mapping[str, str]) -> str:
    """Return a table of names and values as HTML; every text is escaped."""
    lines = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(figure)}</dd></div>" for name, figure in rows.items()
    )
    return f'<aside class="by-table"><p>{escape(title)}</p><dl>{lines}</dl></aside>'
