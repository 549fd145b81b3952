"""Recognise questions for an overview, a history or a comparison, in five languages. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from rag.dossiers.compared_subjects import completed
from rag.dossiers.form_classifier import FormGuess
from rag.types import BroadForm

MAX_CHARACTERS = 300
"""Maximum length of a question that is recognised. Not fitted."""
MAX_COMPARED = 4
"""Maximum number of subjects of a comparison. Not fitted."""
ENDS = ' \t\n.,:;?!…。，：；？！–—-«»"“”'
"""Punctuation and white space, stripped from the ends of a question and its parts."""


@dataclass(frozen=True, slots=True)
class BroadQuestion:
    """A broad question: the form of answer that it asks for, and the subject to search for.

    `compared` holds the two or more subjects of a comparison.
    """

    form: BroadForm
    subject: str
    compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cues:
    """Phrases of one language.

    - `timeline`, `dossier`, `comparison`, `list`: ask for that form of answer.
    - `fact`: asks for a single fact, so that the question is not broad.
    - `filler`: has no content, at an end of the subject.
    - `leftover`: has no content, anywhere in a compared subject.
    - `connectors`: separate compared subjects, the least ambiguous first.
    """

    timeline: re.Pattern[str]
    dossier: re.Pattern[str]
    comparison: re.Pattern[str]
    list: re.Pattern[str]
    fact: re.Pattern[str]
    filler: re.Pattern[str]
    leftover: re.Pattern[str]
    explicit: re.Pattern[str]
    connectors: tuple[re.Pattern[str], ...]


Classify = Callable[[str], FormGuess]
"""Guesses the form that a question asks for."""

MIN_PROBABILITY = {"fact": 0.9, "named": 0.3, "other": 0.8}
"""Probability from which a question with a phrase for a fact, for a form, or without either is broad. Chosen
on the questions marked "test" in bench/question_forms.tsv."""


def broad_question(question: str, language: str, classify: Classify | None = None) -> BroadQuestion | None:
    """Parse a question in a language (ISO 639-1); None if it asks for a single fact, or has no subject.

    Without `classify`, a question is broad if it contains a phrase for a form and no phrase for a fact
    (broad_questions.json); with it, if its probability reaches that of MIN_PROBABILITY.
    """
    cues, text = _cues(language), normalised(question)
    if cues is None or len(text) > MAX_CHARACTERS:
        return None
    if cues.comparison.search(text) and (parts := _compared(text, cues)):
        parts = completed(parts, language)
        return BroadQuestion("comparison", ", ".join(parts), parts)
    named = _named_form(text, cues)
    may_be_list = cues.list.search(text) is not None
    form = _form(text, named, cues, classify) if named or not may_be_list else None
    if may_be_list and form is None:
        return BroadQuestion("list", text.strip(ENDS))
    subject = _subject(text, cues) if form else ""
    return BroadQuestion(form, subject) if form and subject else None


def _form(text: str, named: BroadForm | None, cues: _Cues, classify: Classify | None) -> BroadForm | None:
    """Return the form of a text, of which `named` has a phrase; None if it probably asks for a fact."""
    asks_fact = _asks_fact(text, cues)
    if classify is None:
        return None if asks_fact else named
    guess = classify(text)
    likely = guess.probability >= MIN_PROBABILITY["fact" if asks_fact else "named" if named else "other"]
    return (named or guess.form) if likely else None


def _asks_fact(text: str, cues: _Cues) -> bool:
    """Tell whether a text asks for a single fact, and does not name the form of its answer before that."""
    fact, explicit = cues.fact.search(text), cues.explicit.search(text)
    return fact is not None and not (explicit and explicit.start() < fact.start())


def normalised(question: str) -> str:
    """Return a question with composed letters, straight apostrophes and single spaces."""
    return " ".join(unicodedata.normalize("NFC", question).replace("’", "'").split())


def _compared(text: str, cues: _Cues) -> tuple[str, ...]:
    """Return the subjects that a text compares; () unless there are two to MAX_COMPARED."""
    rest = cues.comparison.sub(" ", text)
    connector = _connector(rest, cues.connectors)
    parts = _split(rest, connector) if connector else []
    found = (_stripped(cues.leftover.sub(" ", part), cues.filler) for part in parts)
    subjects = tuple(" ".join(one.split()) for one in found if one)
    return subjects if 2 <= len(subjects) <= MAX_COMPARED else ()


def _connector(text: str, connectors: Sequence[re.Pattern[str]]) -> re.Pattern[str] | None:
    """Return what joins the compared subjects: the first connector in a text.

    Another one joins them if each of its parts has the first ("A and B with C and D").
    """
    found = [one for one in connectors if one.search(text)]
    for one in found[1:]:
        parts = one.split(text)
        if 2 <= len(parts) <= MAX_COMPARED and all(found[0].search(part) for part in parts):
            return one
    return found[0] if found else None


def _split(text: str, connector: re.Pattern[str]) -> list[str]:
    """Split a text at its connectors, or only at the middle one if both sides contain connectors, too."""
    found = list(connector.finditer(text))
    if len(found) > 2 and len(found) % 2:
        middle = found[len(found) // 2]
        return [text[: middle.start()], text[middle.end() :]]
    parts = connector.split(text)
    return [*re.split(r"[,、，]", parts[0]), *parts[1:]]


def _named_form(text: str, cues: _Cues) -> BroadForm | None:
    """Return the form for which a text has a phrase."""
    if cues.timeline.search(text):
        return "timeline"
    return "dossier" if cues.dossier.search(text) else None


def _subject(text: str, cues: _Cues) -> str:
    """Return a question without the phrases for its form, and without filler at the ends of its parts."""
    for pattern in (cues.timeline, cues.dossier):
        text = pattern.sub(" , ", text)
    parts = (_stripped(part, cues.filler) for part in re.split(r"\s*[,;:，；：?？。]\s*", text))
    return ", ".join(part for part in parts if part)


def _stripped(text: str, filler: re.Pattern[str]) -> str:
    before = None
    while text != before:
        before = text
        text = text.strip(ENDS)
        for match in filler.finditer(text):
            if match.start() == 0:
                text = text[match.end() :]
                break
            if match.end() == len(text):
                text = text[: match.start()]
                break
    return text


@cache
def _rows() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = json.loads(
        (files("rag.dossiers") / "broad_questions.json").read_text("utf-8")
    )
    return rows


@cache
def _cues(language: str) -> _Cues | None:
    if (row := _rows().get(language)) is None:
        return None
    return _Cues(
        timeline=_phrases(language, row["timeline"]),
        dossier=_phrases(language, row["dossier"]),
        comparison=_phrases(language, row["comparison"]),
        list=_phrases(language, row["list"]),
        fact=_phrases(language, [row["veto"]]),
        filler=_phrases(language, [row["filler"]]),
        leftover=_phrases(language, [row["leftover"]]),
        explicit=_phrases(language, row["explicit"]),
        connectors=tuple(_phrases(language, [one]) for one in row["connectors"]),
    )


def _phrases(language: str, alternatives: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(sorted(alternatives, key=len, reverse=True))
    whole = joined if language == "zh" else rf"(?<![^\W_])(?:{joined})(?:(?<=')|(?![^\W_]))"
    return re.compile(whole, re.IGNORECASE)
