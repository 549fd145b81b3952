"""Polarity: whether a passage negates what a question or a sentence affirms.

A word is negated if it is the first content word after a cue such as "not" or "refused to" (as in Chapman et
al. 2001, A simple algorithm for identifying negated findings, doi 10.1006/jbin.2001.1029). Of 2,448 true
questions of XQuAD, 10 are told to have a negated word (bench/premises.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.text.scripts import HAN_CHARACTER
from rag.verification.analysed_text import AnalysedText, Word

_MAX_GAP = 40
"""Maximum number of characters between a cue and the word that it negates. Not fitted."""
_MIN_STEM_LETTERS = 4
"""Minimum length of a stem that a longer one may continue: sign, signed. Not fitted."""
_CLAUSE_END = re.compile(r"[,.;:!?，。；：！？]")


@dataclass(frozen=True, slots=True)
class _Cues:
    """Patterns of a language: what negates, what only looks so, and words between a cue and its word."""

    negating: re.Pattern[str]
    other: re.Pattern[str]
    auxiliaries: frozenset[str]


@cache
def _cues(language: str) -> _Cues | None:
    tables = json.loads((files("rag.verification") / "polarity.json").read_text("utf-8"))
    if language not in tables["cues"]:
        return None
    between = tables["auxiliaries"][language]
    return _Cues(
        re.compile(tables["cues"][language], re.IGNORECASE),
        re.compile(tables["no_cues"][language], re.IGNORECASE),
        frozenset(between if language == "zh" else between.split("|")),
    )


def denied(texts: Sequence[AnalysedText], passage: AnalysedText) -> str:
    """Return the phrase in which a passage negates what the texts affirm ("refused to sign"); "" if none.

    The passage may affirm the word nowhere else. "" also where a text has a negation of its own, where the
    languages differ, and in a language without known cues.
    """
    cues = _cues(passage.language)
    if cues is None or any(one.language != passage.language or _cue_spans(one, cues) for one in texts):
        return ""
    affirmed = [one.stem for text in texts for one in _mentions(text, cues)]
    read = _mentions(passage, cues)
    shared = (one for one in read if one.negation and any(_same(one.stem, stem) for stem in affirmed))
    return next((one.negation for one in shared if _is_only_negated(one, read)), "")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A content word in a text, and the phrase from its negation to it, or ""."""

    stem: str
    negation: str


def _is_only_negated(one: _Mention, read: Sequence[_Mention]) -> bool:
    return all(other.negation for other in read if _same(one.stem, other.stem))


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _MIN_STEM_LETTERS and long.startswith(short))


def _mentions(text: AnalysedText, cues: _Cues) -> list[_Mention]:
    """Return the content words of a text, in Chinese its characters."""
    words = _characters(text) if text.language == "zh" else [w for w in text.words if w.stem.isalpha()]
    free = [word for word in words if text.text[word.start : word.end].lower() not in cues.auxiliaries]
    negations = dict[int, str]()
    for start, end in _cue_spans(text, cues):
        word = next((word for word in free if word.start >= end), None)
        if word and word.start - end <= _MAX_GAP and not _CLAUSE_END.search(text.text, end, word.start):
            negations[word.start] = text.text[start : word.end]
    return [_Mention(word.stem, negations.get(word.start, "")) for word in free]


def _characters(text: AnalysedText) -> list[Word]:
    return [Word(match[0], *match.span()) for match in HAN_CHARACTER.finditer(text.text)]


def _cue_spans(text: AnalysedText, cues: _Cues) -> list[tuple[int, int]]:
    """Return the spans of the cues that negate."""
    others = [match.span() for match in cues.other.finditer(text.text)]
    found = [match.span() for match in cues.negating.finditer(text.text)]
    return [(s, e) for s, e in found if not any(start < e and s < end for start, end in others)]
