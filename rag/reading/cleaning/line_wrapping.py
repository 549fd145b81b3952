"""Tidy lines of raw text, and unwrap paragraphs that were wrapped to a fixed width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.text.list_marks import LIST_MARK

_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)|!\[\]\[[^\]\n]{0,100}\]")
_SPACES = re.compile(r"[ \t]{2,}|\t")
PARAGRAPH_MARK = re.compile(rf"{LIST_MARK.pattern}|\s*(?:\(?[a-z][.)]|\+)\s")
"""The mark of a list item, which begins a paragraph; letters count, too."""
_MIN_WIDTH, _MAX_WIDTH = 20, 120
"""Minimum and maximum length of the longest line of a wrapped text. Not fitted."""
_MIN_FULL_LINES, _MIN_FULL_SHARE = 3, 0.9
"""Full lines of a wrapped text, and their share of the lines that another one continues. Not fitted."""
UNSPACED = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""A character of a script without spaces; Korean has them."""


def tidy(line: str) -> str:
    """Return a line without Markdown images, outer borders of table rows and runs of spaces."""
    line = _IMAGE.sub("", line).strip()
    if line.startswith("|") or line.endswith("|"):
        line = " | ".join(cell.strip() for cell in line.strip("| \t").split("|"))
    return _SPACES.sub(" ", line).strip()


def unwrap(lines: Sequence[str]) -> list[str]:
    """Join wrapped lines into paragraphs; return other texts unchanged.

    A text is wrapped if nearly every line that another one continues is full: it had no room for the first
    word of the next line.
    """
    width = max((len(line.rstrip()) for line in lines), default=0)
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return list(lines)
    continued = [(a, b) for a, b in pairwise(lines) if a.strip() and _may_continue(b)]
    full = sum(_is_full(a, b, width) for a, b in continued)
    if full < _MIN_FULL_LINES or full < _MIN_FULL_SHARE * len(continued):
        return list(lines)
    joined: list[str] = []
    open_ = False
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if open_:
            joined[-1] = _join(joined[-1], line.strip())
        else:
            joined.append(line)
        open_ = bool(line.strip()) and _may_continue(after) and _is_full(line, after, width)
    return joined


def _may_continue(line: str) -> bool:
    """Tell whether a line may continue the paragraph before it: it is not a list item and not indented."""
    return (
        bool(line.strip()) and not line.startswith(("  ", "\t", "\u3000")) and not PARAGRAPH_MARK.match(line)
    )


def _is_full(line: str, after: str, width: int) -> bool:
    """Tell whether a line had no room for the first word of the line after it."""
    line, word = line.rstrip(), after.split(maxsplit=1)[0]
    if UNSPACED.match(word):
        return len(line) + 4 > width  # Chinese lines may not begin with a comma or end with a bracket
    return len(line) + 1 + len(word) > width


def _join(left: str, right: str) -> str:
    left = left.rstrip()
    unspaced = UNSPACED.match(left[-1:]) and UNSPACED.match(right[:1])
    hyphened = left.endswith("-") and left[-2:-1].isalpha()
    return left + right if unspaced or hyphened else f"{left} {right}"
