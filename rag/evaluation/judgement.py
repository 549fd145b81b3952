"""Judge answers by the spellings that they contain, without a model."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rag.answering.citations import citations

Accept = Sequence[Sequence[str]]
"""Alternatives; each is a list of groups, and each group the spellings of one thing, separated by `|`."""


def accepted(answer: str, accept: Accept) -> bool:
    """Tell whether the answer, normalised, contains a spelling of every group of one alternative."""
    text = plain(answer)
    return any(
        all(any(plain(spelling) in text for spelling in group.split("|")) for group in groups)
        for groups in accept
    )


def plain(text: str) -> str:
    """Normalise a text for comparison: NFKC, case folding, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def unmarked(text: str) -> str:
    """Remove citation marks, because the 3 of [3] is not a figure of the answer."""
    for mark in reversed(citations(text)):
        text = text[: mark.start].rstrip() + text[mark.end :]
    return text
