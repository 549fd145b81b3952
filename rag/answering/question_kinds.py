"""Recognise a greeting or thanks without a question, in five languages. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal, NamedTuple

from rag.answering.library_questions import vocabulary

Courtesy = Literal["greeting", "thanks"]
MAX_CHARACTERS = 80
"""Maximum length of a greeting. Not fitted."""
_SEPARATORS = r"[\s.,;:!?…。！？，、~()«»\"'👋🙏-]*"
_ADDRESSEES = "byline|everyone|all|à tous|nhé|ạ"


class Greeting(NamedTuple):
    """A greeting or thanks, and its language (ISO 639-1)."""

    kind: Courtesy
    language: str


def greeting(question: str, language: str) -> Greeting | None:
    """Recognise a text that only greets or thanks, `language` being tried first; None for any other."""
    text = unicodedata.normalize("NFC", question).replace("’", "'").strip()
    if len(text) > MAX_CHARACTERS:
        return None
    for code in sorted(vocabulary(), key=lambda code: code != language):
        for kind, pattern in _patterns(code).items():
            if pattern.fullmatch(text):
                return Greeting(kind, code)
    return None


@cache
def _patterns(language: str) -> dict[Courtesy, re.Pattern[str]]:
    words = vocabulary()[language]
    hello, thanks = words["hello"], words["thanks"]
    return {
        "greeting": _phrases(hello, hello),
        "thanks": _phrases(thanks, f"{hello}|{thanks}"),
    }


def _phrases(first: str, others: str) -> re.Pattern[str]:
    """Return a pattern of phrases, the first of which is one of `first`."""
    more = rf"(?:(?:{others}|{_ADDRESSEES}){_SEPARATORS})*"
    return re.compile(rf"{_SEPARATORS}(?:{first}){_SEPARATORS}{more}", re.IGNORECASE)
