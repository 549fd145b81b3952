"""Recognise questions that ask for an overview or a history of a subject, in five languages. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Form = Literal["dossier", "timeline"]
"""The form of an answer to a broad question."""
MAX_CHARACTERS = 300
"""Characters of the longest question that is recognised. Not fitted."""
_END = " \t\n.?!…。？！"


@dataclass(frozen=True, slots=True)
class BroadQuestion:
    """The form that a question asks for, and its subject: what is searched for."""

    form: Form
    subject: str


def broad_question(question: str, language: str) -> BroadQuestion | None:
    """Read a question, first in `language` (ISO 639-1); None where it asks for a single fact.

    The whole question must fit a pattern of broad_questions.json.
    """
    text = plain(question)
    if len(text) > MAX_CHARACTERS:
        return None
    for code in sorted(_patterns(), key=lambda code: code != language):
        for form, patterns in _patterns()[code].items():
            for pattern in patterns:
                if (match := pattern.fullmatch(text)) and (subject := plain(match["subject"])):
                    return BroadQuestion(form, subject)
    return None


def plain(text: str) -> str:
    """A question in NFC with plain apostrophes, without white space and punctuation at its ends."""
    return " ".join(unicodedata.normalize("NFC", text).replace("’", "'").split()).strip(_END)


@cache
def _patterns() -> dict[str, dict[Form, list[re.Pattern[str]]]]:
    rows = json.loads((files("rag.dossiers") / "broad_questions.json").read_text("utf-8"))
    return {
        code: {
            form: [re.compile(one, re.IGNORECASE) for one in row[form]] for form in ("timeline", "dossier")
        }
        for code, row in rows.items()
    }
