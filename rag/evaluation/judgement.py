"""Judge answers by the words that they contain; deterministic, without a model."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rag.answering.citations import citations

Accept = Sequence[Sequence[str]]
"""Alternatives. Each is a list of groups, each group the spellings of one thing, separated by `|`."""


def accepted(answer: str, accept: Accept) -> bool:
    """Tell whether the answer holds a spelling of every group of one alternative, after `plain`."""
    said = plain(answer)
    return any(
        all(any(plain(spelling) in said for spelling in group.split("|")) for group in groups)
        for groups in accept
    )


def plain(text: str) -> str:
    """Normalise a text for comparison: NFKC, case folding, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def unmarked(text: str) -> str:
    """Remove citation marks: the 3 in [3] is no figure of the answer."""
    for mark in reversed(citations(text)):
        text = text[: mark.start].rstrip() + text[mark.end :]
    return text
