"""Is an answer right, and is it in the right language? Judged by its words alone, the same every time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.citing import citations
from rag.library import SPOKEN
from rag.reading.language import detect

Accept = Sequence[Sequence[str]]
"""Alternatives; an alternative is a list of groups, a group the spellings of one thing, divided by `|`."""

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_]+")
_TELLING = 3
"""Words (Chinese: characters) up to which an answer is a name or a number: it tells no language."""


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


def in_language(answer: str, language: str) -> bool:
    """Whether an answer is in a language; so is one of names and numbers only, which have none."""
    if len(_WORD.findall(answer)) <= _TELLING:
        return True
    return detect(answer, among=sorted({*SPOKEN, language})) == language
