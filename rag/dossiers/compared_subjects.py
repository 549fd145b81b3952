"""Complete the subjects of a comparison that share words ("trade with Russia and Canada"). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.verification.names.gazetteer import mentions

_PRONOUN = re.compile(r"(?:that|those|the ones?|celles?|celui|ceux)\b", re.IGNORECASE)
"""A pronoun that stands for the first subject's noun."""
_PREPOSITION = re.compile(r"\b(?:with|of|in|at|to|from|avec|de|du|des|en|au|à)\b", re.IGNORECASE)


def completed(subjects: Sequence[str], language: str) -> tuple[str, ...]:
    """Return the subjects, each with the words that it shares with the first or the last one.

    A subject that consists of a name in the gazetteer takes the words before the name that ends the first
    subject, and those after the name that begins the last one.
    """
    first, *others = subjects
    head = _before_name(first, language)
    others = [_with_head(one, first, head, language) for one in others]
    tail = _after_name(others[-1], language)
    return tuple(_with_tail(one, tail, language) for one in (first, *others))


def _with_head(subject: str, first: str, head: str, language: str) -> str:
    if pronoun := _PRONOUN.match(subject):
        preposition = _PREPOSITION.search(first)
        noun = first[: preposition.start()] if preposition else first
        return f"{noun.rstrip()} {subject[pronoun.end() :].lstrip()}"
    return head + subject if head and _is_name(subject, language) else subject


def _with_tail(subject: str, tail: str, language: str) -> str:
    return subject + tail if tail and _is_name(subject, language) else subject


def _before_name(text: str, language: str) -> str:
    """Return the words before a name at the end of a text; "" if there is no such name."""
    at = max((one.start for one in mentions(text, language) if one.end == len(text)), default=0)
    return text[:at]


def _after_name(text: str, language: str) -> str:
    at = max((one.end for one in mentions(text, language) if one.start == 0), default=len(text))
    return text[at:]


def _is_name(text: str, language: str) -> bool:
    return any((one.start, one.end) == (0, len(text)) for one in mentions(text, language))
