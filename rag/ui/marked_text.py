"""Text with marked parts, as the page's components take it."""

from __future__ import annotations

from typing import TypedDict


class MarkedText(TypedDict):
    """A run of words (`t`) and its `mark`: the name of a style, or "" for none."""

    t: str
    mark: str
