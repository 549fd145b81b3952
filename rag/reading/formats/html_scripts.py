"""Find the text of an article in a page's scripts: in linked data, or in the state of a framework."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from rag.reading.formats.html_head import PageHead
from rag.reading.formats.html_lines import lines_of, parse

_BODIES = "articlebody reviewbody body content html text paragraphs maintext fulltext bodyhtml contenthtml"
_BODY_KEYS = frozenset(_BODIES.split())
"""Normalised keys of texts."""
_EXCLUDED_KEYS = frozenset(
    {"comment", "comments", "review", "reviews", "author", "publisher", "acceptedanswer"}
)
"""Keys of objects whose texts are not the article's."""
_STATE = re.compile(r"(?:window\.|var |self\.)?[\w$.\[\]\"']{2,60}\s*=\s*(?:JSON\.parse\(\s*)?(?=[{\[\"])")
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.){250,200000})"')
_MAX_DEPTH, _MIN_CHARACTERS, _MAX_ESCAPES, _MAX_STATES = 12, 80, 3, 50
"""Maximum nesting of JSON, minimum characters of a text, maximum nesting of string literals, maximum number
of assignments in a script. Not fitted."""
_TAG = re.compile(r"</?(?:p|div|br|h[1-6]|li|a|strong|em|span)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=[\s<\"”»]|$)|[。！？]")
_MIN_SENTENCES = 3
"""Minimum number of sentences of a string literal that is prose. Not fitted."""


def script_text(tree: Any, head: PageHead) -> str:
    """Return the longest text in a page's linked data, else in its scripts and attributes; "" for none."""
    texts = [linked_text(head)]
    if not texts[0]:
        scripts = [
            script.text or "" for script in tree.iter("script") if "ld+json" not in script.get("type", "")
        ]
        scripts += [value for each in tree.iter("div") for value in each.attrib.values() if value[:1] == "{"]
        texts = [_plain(text) for script in scripts for text in _state_texts(script)]
    return max(filter(_is_text, texts), key=len, default="")


def linked_text(head: PageHead) -> str:
    """Return the longest text in a page's linked data; "" for none."""
    texts = (_plain(text) for node in head.linked for text in _bodies(node, "", _MAX_DEPTH))
    return max(filter(_is_text, texts), key=len, default="")


def _is_text(text: str) -> bool:
    return len(text) >= _MIN_CHARACTERS and _SENTENCE_END.search(text) is not None


def _state_texts(script: str) -> Iterator[str]:
    """Yield the texts in a script's JSON state, by their keys; else its string literals that are prose."""
    if len(script) < _MIN_CHARACTERS:
        return
    assigned = (found.end() for found in islice(_STATE.finditer(script), _MAX_STATES))
    bodies = list[str]()
    for start in (0,) if script.lstrip()[:1] in "{[" else assigned:
        with suppress(ValueError, RecursionError):
            state = json.JSONDecoder(strict=False).raw_decode(script[start:].lstrip())[0]
            bodies += _bodies(json.loads(state) if isinstance(state, str) else state, "", _MAX_DEPTH)
    yield from bodies if any(map(_is_text, bodies)) else _literals(script, _MAX_ESCAPES)


def _literals(script: str, escapes: int) -> Iterator[str]:
    """Yield the long string literals that are prose, also those escaped within others."""
    for found in _LITERAL.finditer(script):
        try:
            text = str(json.loads(found[0], strict=False))
        except ValueError:
            continue
        inner = list(_literals(text, escapes - 1)) if escapes else []
        if inner:
            yield from inner
        elif len(_SENTENCE_END.findall(text)) >= _MIN_SENTENCES:
            yield text


def _bodies(node: Any, key: str, depth: int) -> Iterator[str]:
    """Yield the texts below a JSON node whose keys are those of texts."""
    if isinstance(node, str):
        if re.sub(r"[\W_]", "", key.casefold()) in _BODY_KEYS:
            yield node
    elif depth and isinstance(node, dict):
        for name, value in node.items():
            if str(name).casefold() not in _EXCLUDED_KEYS:
                yield from _bodies(value, str(name), depth - 1)
    elif depth and isinstance(node, list):
        parts = [text for each in node for text in _bodies(each, key, depth - 1)]
        if parts:
            yield ("" if _is_inline(node) else "\n").join(parts)


def _is_inline(nodes: list[Any]) -> bool:
    """Tell whether nodes are pieces of one paragraph, as rich text editors store them."""
    return all(
        isinstance(each, dict) and "text" in each and each.get("type", "text") in ("text", "span")
        for each in nodes
    )


def _plain(text: str) -> str:
    """Return the plain text of a text that may be HTML, escaped or not."""
    if "&lt;" in text or "&#" in text:
        from html import unescape

        text = unescape(text)
    if not _TAG.search(text):
        return text
    tree = parse(f"<div>{text}</div>")
    return "\n".join(lines_of(tree)) if tree is not None else ""
