"""Is an answer right? Judged by its words alone, the same every time."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rag.citing import citations

Accept = Sequence[Sequence[str]]
"""Alternatives; an alternative is a list of groups, a group the spellings of one thing, divided by `|`."""


def accepted(answer: str, accept: Accept) -> bool:
    """Whether every group of one alternative has a spelling in the answer, compared as `plain` has it."""
    said = plain(answer)
    return any(
        all(any(plain(spelling) in said for spelling in group.split("|")) for group in groups)
        for groups in accept
    )


def plain(text: str) -> str:
    """A text as it is compared: Unicode's NFKC, without case, every run of whitespace one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def unmarked(text: str) -> str:
    """An answer without its marks: the 3 of [3] is not a figure that it states."""
    for mark in reversed(citations(text)):
        text = text[: mark.start].rstrip() + text[mark.end :]
    return text
