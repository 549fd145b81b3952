"""The style sheets, read once and sent with each page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

SHEETS = (
    *("style.css", "pages.css", "answer.css", "answer_table.css", "quotes.css", "actions.css", "sources.css"),
    *(
        "drawer.css",
        "sidebar.css",
        "conversation_list.css",
        "articles.css",
        "charts.css",
        "compare.css",
        "draft.css",
        "digest.css",
        "timeline.css",
        "notebook.css",
    ),
    "print.css",
)


@cache
def _css() -> str:
    folder = Path(__file__).parent
    return "\n".join((folder / sheet).read_text(encoding="utf-8") for sheet in SHEETS)


def apply() -> None:
    """Send the style sheets with this page."""
    st.html(f"<style>{_css()}</style>")
