"""Lines of raw text: tidied, and joined where they were wrapped to a width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)|!\[\]\[[^\]\n]{0,100}\]")
_SPACES = re.compile(r"[ \t]{2,}|\t")
_ITEM = re.compile(r"\s*(?:[-*+•–—▪◦]\s|\d{1,3}[.)、]\s?|[a-z][.)]\s|[（(]?[一二三四五六七八九十]+[)）、.])")
_WIDEST = 120
"""Characters beyond which a line was not wrapped by anybody."""
_FEWEST = 3
"""Lines that must end where they were full before a text counts as wrapped."""
_SHARE = 0.9
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def tidy(line: str) -> str:
    """Return a line without image marks, outer cell borders and runs of spaces."""
    line = _IMAGE.sub("", line).strip()
    if line.startswith("|") or line.endswith("|"):
        line = " | ".join(cell.strip() for cell in line.strip("| \t").split("|"))
    return _SPACES.sub(" ", line).strip()


def unwrap(lines: Sequence[str]) -> list[str]:
    """Join lines that were wrapped to a width into paragraphs; other lines stay as they are.

    A text counts as wrapped where nearly every line that another one follows had no room for that
    one's first word: what wrapping leaves behind, and a line for every paragraph does not.
    """
    width = max((len(line.rstrip()) for line in lines), default=0)
    if not 20 <= width <= _WIDEST:
        return list(lines)
    inner = [(a, b) for a, b in pairwise(lines) if a.strip() and _goes_on(b)]
    full = sum(_full(a, b, width) for a, b in inner)
    if full < _FEWEST or full < _SHARE * len(inner):
        return list(lines)
    joined: list[str] = []
    open_ = False
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if open_:
            joined[-1] = _join(joined[-1], line.strip())
        else:
            joined.append(line)
        open_ = bool(line.strip()) and _goes_on(after) and _full(line, after, width)
    return joined


def _goes_on(line: str) -> bool:
    """Tell whether a line may be the rest of the paragraph before it."""
    return bool(line.strip()) and not line.startswith(("  ", "\t", "\u3000")) and not _ITEM.match(line)


def _full(line: str, after: str, width: int) -> bool:
    """Tell whether the first word of the line after would have gone beyond the width."""
    line, word = line.rstrip(), after.split(maxsplit=1)[0]
    if _UNSPACED.match(word):
        return len(line) + 4 > width  # a line may not begin with a comma or end with a bracket
    return len(line) + 1 + len(word) > width


def _join(left: str, right: str) -> str:
    left = left.rstrip()
    unspaced = _UNSPACED.match(left[-1:]) and _UNSPACED.match(right[:1])
    hyphened = left.endswith("-") and left[-2:-1].isalpha()
    return left + right if unspaced or hyphened else f"{left} {right}"
