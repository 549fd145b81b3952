"""The text of an article that a page has in its scripts alone: linked data, a framework's state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from rag.reading.formats.html_head import PageHead
from rag.reading.formats.html_lines import lines_of, parse

_BODIES = "articlebody body content html text paragraphs maintext fulltext bodyhtml contenthtml"
_BODY_KEYS = frozenset(_BODIES.split())
_STATE = re.compile(r"(?:window\.|var |self\.)?[\w$.\[\]\"']{2,60}\s*=\s*(?=[{\[])")
_MAX_DEPTH, _MIN_CHARACTERS = 12, 80
_TAG = re.compile(r"</?(?:p|div|br|h[1-6]|li|a|strong|em|span)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?。！？]")


def script_text(tree: Any, head: PageHead) -> str:
    """Return the longest text that a page's linked data or state holds for its article; "" for none."""
    linked = [
        str(node[key]) for node in head.linked for key in ("articleBody", "reviewBody") if node.get(key)
    ]
    texts = [_plain(text) for text in linked] or [_plain(text) for text in _state_texts(tree)]
    return max(texts, key=len, default="")


def _state_texts(tree: Any) -> Iterator[str]:
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" in script.get("type", "") or len(text) < _MIN_CHARACTERS:
            continue
        start = 0 if text.lstrip()[:1] in "{[" else (found.end() if (found := _STATE.search(text)) else -1)
        if start < 0:
            continue
        try:
            state, _ = json.JSONDecoder(strict=False).raw_decode(text[start:].lstrip())
        except (ValueError, RecursionError):
            continue
        yield from _bodies(state, "", _MAX_DEPTH)


def _bodies(node: Any, key: str, depth: int) -> Iterator[str]:
    """Yield the texts below a node that stand under a key that names a text."""
    named = re.sub(r"[\W_]", "", key.casefold()) in _BODY_KEYS
    if isinstance(node, str):
        if named and len(node) >= _MIN_CHARACTERS and _SENTENCE_END.search(node):
            yield node
    elif depth and isinstance(node, dict):
        for name, value in node.items():
            yield from _bodies(value, str(name), depth - 1)
    elif depth and isinstance(node, list):
        parts = [text for each in node for text in _bodies(each, key, depth - 1)]
        if parts:
            yield "\n".join(parts)


def _plain(text: str) -> str:
    """Return the lines of a text that may be HTML, escaped or not."""
    if "&lt;" in text or "&#" in text:
        from html import unescape

        text = unescape(text)
    if not _TAG.search(text):
        return text
    tree = parse(f"<div>{text}</div>")
    return "\n".join(lines_of(tree)) if tree is not None else ""
