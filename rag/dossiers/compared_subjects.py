"""Complete subjects of a comparison that share words: "trade with Russia and Canada". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.verification.names.gazetteer import mentions

_PRONOUN = re.compile(r"(?:that|those|the ones?|celles?|celui|ceux)\b", re.IGNORECASE)
"""Stands for the first subject's noun."""
_PREPOSITION = re.compile(r"\b(?:with|of|in|at|to|from|avec|de|du|des|en|au|à)\b", re.IGNORECASE)


def completed(subjects: Sequence[str], language: str) -> tuple[str, ...]:
    """Give each subject the words that only the first or the last one has.

    Subjects that are a name of the gazetteer alone take the words before the first subject's last name, or
    those after the last subject's first one.
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
    """The words before a name at the end of a text, "" if none stands there or it stands alone."""
    at = max((one.start for one in mentions(text, language) if one.end == len(text)), default=0)
    return text[:at]


def _after_name(text: str, language: str) -> str:
    at = max((one.end for one in mentions(text, language) if one.start == 0), default=len(text))
    return text[at:]


def _is_name(text: str, language: str) -> bool:
    return any((one.start, one.end) == (0, len(text)) for one in mentions(text, language))
