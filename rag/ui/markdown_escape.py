"""Escape texts of models and articles for Streamlit's Markdown.

Every untrusted text in a Streamlit element (label, caption, progress text) goes through `plain`.
Answers and articles are drawn by our own components, which set `textContent` and need no escaping.
"""

from __future__ import annotations

import re
import unicodedata

WORD_JOINER = "\u2060"
"""Invisible, zero width. Streamlit looks for `:shortcodes:`, `:material/icons:`, `:red[...]` and bare
addresses after Markdown has removed the backslashes; a joiner inside them remains and breaks them."""

_SPECIAL = re.compile(r"[\\`*\[\]<>!$~|&]|(?<![^\W_])_|_(?![^\W_])")
"""Special characters. An underscore between letters is not emphasis and stays, as in model names."""
_LEADING = re.compile(r"^([#+\-=]|\d+(?=[.)](?: |$)))")
_JOINED = re.compile(r":(?=[^\W\d]|[/+_-]|\w+:)|@|\bwww(?=\.)", re.IGNORECASE)
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")


def plain(text: str) -> str:
    """Return Markdown that shows exactly `text`, on one line.

    Control characters and bidirectional overrides are dropped.
    """
    visible = "".join(c for c in _SPACE.sub(" ", text) if _is_visible(c)).strip()
    escaped = _SPECIAL.sub(r"\\\g<0>", visible)
    escaped = _LEADING.sub(lambda m: f"{m[0]}{WORD_JOINER}" if m[0][0].isdigit() else f"\\{m[0]}", escaped)
    return _JOINED.sub(rf"\g<0>{WORD_JOINER}", escaped)


def _is_visible(character: str) -> bool:
    joins_letters = character in "\u200c\u200d"
    return joins_letters or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
