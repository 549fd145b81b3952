"""Complete the subjects of a comparison that share words ("trade with Russia and Canada"). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.verification.names.gazetteer import mentions

_PRONOUN = re.compile(r"(?:that|those|the ones?|celles?|celui|ceux)\b", re.IGNORECASE)
"""A pronoun that stands for the first subject's noun."""
_ORDINAL = re.compile(
    r"第[一二三四五六七八九十\d]+[次届轮个]?|(?:lần )?thứ \w+|"
    r"(?:the |la |le )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|"
    r"\d+(?:st|nd|rd|th)|premi[eè]re?|deuxième|seconde?|troisième|quatrième|cinquième|dernière?|"
    r"(?:перв|втор|трет|четв[её]рт|пят|шест|седьм|последн)\w{1,3})\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:与|和|跟|及|、|\band\b|\bet\b|\bvà\b|\bи\b|[-–])\s*")
"""What joins names."""
_PREPOSITION = re.compile(r"\b(?:with|of|in|at|to|from|avec|de|du|des|en|au|à)\b", re.IGNORECASE)


def completed(subjects: Sequence[str], language: str) -> tuple[str, ...]:
    """Return the subjects, each with the words that it shares with the first or the last one.

    A subject that consists of names in the gazetteer, or of an ordinal, takes the words before the name or
    the ordinal that ends the first subject, and those after the one that begins the last.
    """
    first, *others = subjects
    head = _before_name(first, language)
    others = [_with_head(one, first, head, language) for one in others]
    tail = others[-1][_names_end(others[-1], language) :]
    return tuple(_with_tail(one, tail, language) for one in (first, *others))


def _with_head(subject: str, first: str, head: str, language: str) -> str:
    if pronoun := _PRONOUN.match(subject):
        preposition = _PREPOSITION.search(first)
        noun = first[: preposition.start()] if preposition else first
        return f"{noun.rstrip()} {subject[pronoun.end() :].lstrip()}"
    one = _is_name(subject, language) and not _JOINED.search(subject)
    return head + subject if head and one else subject


def _with_tail(subject: str, tail: str, language: str) -> str:
    return subject + tail if tail and _is_name(subject, language) else subject


def _before_name(text: str, language: str) -> str:
    """Return the words before a name or an ordinal at the end of a text; "" if there is none."""
    starts = [one.start for one in mentions(text, language) if one.end == len(text)]
    starts += [one.start() for one in _ORDINAL.finditer(text) if one.end() == len(text)]
    return text[: max(starts, default=0)]


def _names_end(text: str, language: str) -> int:
    """Return the end of the names, joined by "and" or the like, or of the ordinal that a text begins with.

    Returns the text's length if it begins with neither.
    """
    if ordinal := _ORDINAL.match(text):
        return ordinal.end()
    ends = {one.start: one.end for one in mentions(text, language)}
    at = ends.get(0, len(text))
    while (joined := _JOINED.match(text, at)) and joined.end() in ends:
        at = ends[joined.end()]
    return at


def _is_name(text: str, language: str) -> bool:
    starts_with_one = _ORDINAL.match(text) or any(one.start == 0 for one in mentions(text, language))
    return bool(starts_with_one) and _names_end(text, language) == len(text)
