"""Keyboard shortcuts, and the list of them that a page shows."""

from __future__ import annotations

from rag.ui.components import component
from rag.ui.strings import Strings


def draw(s: Strings) -> None:
    """Have them work on this page, and name them."""
    keys = [
        ("Ctrl+Shift+O", s.new_conversation),
        ("Shift+Esc", s.key_question),
        ("Alt+↓", s.next_citation),
        ("Alt+↑", s.previous_citation),
        ("Esc", s.key_close),
    ]
    component("shortcuts")(key="shortcuts", data={"texts": {"title": s.shortcuts, "keys": keys}})
