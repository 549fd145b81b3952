"""Text with marked parts, in the format of the page's components."""

from __future__ import annotations

from typing import TypedDict


class MarkedText(TypedDict):
    """A piece of text (`t`) and its `mark`: the name of a style, "" for none."""

    t: str
    mark: str
