"""Keyboard shortcuts and their list."""

from __future__ import annotations

from rag.ui.components import component
from rag.ui.strings import Strings


def draw(s: Strings) -> None:
    """Enable the shortcuts on this page and draw the list."""
    keys = [
        ("Ctrl+Shift+O", s.page.new_conversation),
        ("Shift+Esc", s.keyboard.key_question),
        ("Alt+↓", s.drawer.next_citation),
        ("Alt+↑", s.drawer.previous_citation),
        ("Esc", s.keyboard.key_close),
    ]
    component("shortcuts")(key="shortcuts", data={"texts": {"title": s.keyboard.shortcuts, "keys": keys}})
