"""Recognise questions that ask for an overview or a history of a subject, in five languages. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Form = Literal["dossier", "timeline"]
"""The form of an answer to a broad question."""
MAX_CHARACTERS = 300
"""Characters of the longest question that is recognised. Not fitted."""
_ENDS = ' \t\n.,:;?!…。，：；？！–—-«»"“”'


@dataclass(frozen=True, slots=True)
class BroadQuestion:
    """The form that a question asks for, and its subject: what is searched for."""

    form: Form
    subject: str


@dataclass(frozen=True, slots=True)
class _Cues:
    """Phrases of a language: that ask for a form, that ask for a fact, and that have no content."""

    timeline: re.Pattern[str]
    dossier: re.Pattern[str]
    fact: re.Pattern[str]
    filler: re.Pattern[str]


def broad_question(question: str, language: str) -> BroadQuestion | None:
    """Read a question in a language (ISO 639-1); None where it asks for a single fact, or names no subject.

    A question is broad that has a phrase of broad_questions.json and none of a question for a fact.
    """
    cues = _cues().get(language)
    text = " ".join(unicodedata.normalize("NFC", question).replace("’", "'").split())
    if cues is None or len(text) > MAX_CHARACTERS or cues.fact.search(text):
        return None
    for form, pattern in _forms(cues):
        if pattern.search(text):
            subject = _subject(text, cues)
            return BroadQuestion(form, subject) if subject else None
    return None


def _forms(cues: _Cues) -> Iterable[tuple[Form, re.Pattern[str]]]:
    return ("timeline", cues.timeline), ("dossier", cues.dossier)


def _subject(text: str, cues: _Cues) -> str:
    """A question without what asks for its form, and without words of no content at the ends."""
    for pattern in (cues.timeline, cues.dossier):
        text = pattern.sub(" , ", text)
    parts = (_stripped(part, cues.filler) for part in re.split(r"\s*[,;:，；：?？。]\s*", text))
    return ", ".join(part for part in parts if part)


def _stripped(text: str, filler: re.Pattern[str]) -> str:
    before = None
    while text != before:
        before = text
        text = text.strip(_ENDS)
        for match in filler.finditer(text):
            if match.start() == 0:
                text = text[match.end() :]
                break
            if match.end() == len(text):
                text = text[: match.start()]
                break
    return text


@cache
def _cues() -> dict[str, _Cues]:
    rows = json.loads((files("rag.dossiers") / "broad_questions.json").read_text("utf-8"))
    return {
        code: _Cues(
            *(_phrases(code, row[form]) for form in ("timeline", "dossier")),
            *(_phrases(code, [row[kind]]) for kind in ("veto", "filler")),
        )
        for code, row in rows.items()
    }


def _phrases(language: str, alternatives: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(sorted(alternatives, key=len, reverse=True))
    whole = joined if language == "zh" else rf"(?<![^\W_])(?:{joined})(?:(?<=')|(?![^\W_]))"
    return re.compile(whole, re.IGNORECASE)
