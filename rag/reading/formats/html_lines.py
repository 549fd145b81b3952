"""Convert HTML to lines of text: one line for each block."""

from __future__ import annotations

import html
import re
from typing import Any

_SKIPPED = frozenset({"script", "style", "template", "noscript", "svg", "head", "title", "iframe", "select"})
_INLINE_NAMES = """
    a abbr b bdi bdo big cite code data del em font i img ins kbd label mark q s samp small span strong sub
    sup time u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_SEPARATED = frozenset({"a", "span", "time"})
"""Inline elements that style sheets may separate, as in a dateline."""
_SEPARATOR = " | "
_EDGE = "\0"
"""The edge of a block; no page has this character."""
_SCRIPT = re.compile(r"<(script|style|noscript|template|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(/?[a-zA-Z][\w-]*|!--|[!?])[^<>]*>")


def parse(text: str) -> Any:
    """Parse a page or a fragment into an lxml tree; None if that fails."""
    from trafilatura.utils import load_html

    try:
        return load_html(text)
    except Exception:  # lxml raises what libxml2 does
        return None


def lines_of(tree: Any, *, separated: bool = False) -> list[str]:
    """Return the lines of a tree; `separated` puts bars before links, spans and times."""
    from lxml import etree

    pieces = list[str]()
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _SKIPPED:
                walk.skip_subtree()
                continue
            if tag not in _INLINE:
                pieces.append(_EDGE)
            elif separated and tag in _SEPARATED:
                pieces.append(_SEPARATOR)
            pieces.append(element.text or "")
        else:
            if event == "end" and tag not in _INLINE:
                pieces.append(_EDGE)
            if element is not tree:
                pieces.append(element.tail or "")
    return _split("".join(pieces))


def element_text(element: Any) -> str:
    """Return all text below an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def class_and_id(element: Any) -> str:
    """Return the class names and the id of an element, separated by spaces."""
    return f"{element.get('class', '')} {element.get('id', '')}"


def lines_without_tree(text: str) -> list[str]:
    """Return the lines of a page that cannot be parsed; tags are removed by a regular expression."""
    return _split(html.unescape(_TAG.sub(_edge_of_tag, _SCRIPT.sub(" ", text))))


def _edge_of_tag(tag: re.Match[str]) -> str:
    return "" if tag[1].lstrip("/").lower() in _INLINE else _EDGE


def _split(text: str) -> list[str]:
    return [line for each in text.split(_EDGE) if (line := " ".join(each.split()))]
