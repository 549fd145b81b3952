"""Text of models and articles, made harmless for Streamlit's Markdown.

Everything foreign that is drawn by a Streamlit element (a label, a caption, a progress text) goes
through `plain`. The answer and the article are drawn by our own components, which only ever set
`textContent`, and need no escaping.
"""

from __future__ import annotations

import re
import unicodedata

WORD_JOINER = "\u2060"
"""Invisible and without width. Backslashes are gone once Markdown is parsed, and Streamlit looks
for `:shortcodes:`, `:material/icons:`, `:red[...]` and bare addresses in what is left; a joiner
inside these stays and stops them."""

_SPECIAL = re.compile(r"[\\`*\[\]<>!$~|&]|(?<![^\W_])_|_(?![^\W_])")
"""An underscore between letters is no emphasis; bare, it leaves names of models as they are."""
_LEADING = re.compile(r"^([#+\-=]|\d+(?=[.)](?: |$)))")
_JOINED = re.compile(r":(?=[^\W\d]|[/+_-]|\w+:)|@|\bwww(?=\.)", re.IGNORECASE)
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")


def plain(text: str) -> str:
    """Return `text` as Markdown that shows these very letters, on one line, and nothing else.

    Control characters and those that turn the direction of writing are dropped.
    """
    seen = "".join(c for c in _SPACE.sub(" ", text) if _is_seen(c)).strip()
    escaped = _SPECIAL.sub(r"\\\g<0>", seen)
    escaped = _LEADING.sub(lambda m: f"{m[0]}{WORD_JOINER}" if m[0][0].isdigit() else f"\\{m[0]}", escaped)
    return _JOINED.sub(rf"\g<0>{WORD_JOINER}", escaped)


def _is_seen(character: str) -> bool:
    joins_letters = character in "\u200c\u200d"
    return joins_letters or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
