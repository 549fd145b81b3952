"""Loads the texts of a language.

A file has five sections: `messages` (errors, reasons, warnings, advice, progress), `interface` (the page),
`answers` (sentences that Byline itself writes in an answer), `prompts` (instructions to a model) and
`number_scales` (words for powers of ten). Parts of a section only group texts: a code is unique in its
section. A text that counts something has a form for each CLDR plural category of its language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale

LOCALES = {"en": "en_GB", "fr": "fr", "zh": "zh_Hans", "vi": "vi", "ru": "ru"}
"""Byline's languages (ISO 639-1) and the Babel locale whose number, date and list formats each uses."""


def known(language: str) -> str:
    """Return the language if Byline has texts in it, else English."""
    return language if language in LOCALES else "en"


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale of a language; British English for one without texts."""
    from babel import Locale

    return Locale.parse(LOCALES[known(language)])


@cache
def sections(language: str) -> Mapping[str, Any]:
    """Return the contents of a language's file; of the English one for a language without texts."""
    return dict(json.loads(files("rag.locales").joinpath(f"{known(language)}.json").read_text("utf-8")))


@cache
def texts(section: str, language: str) -> Mapping[str, Any]:
    """Return the texts of a section by code, its parts joined."""
    found: dict[str, Any] = {}
    for name, value in sections(language)[section].items():
        found |= value if _is_part(value) else {name: value}
    return found


def _is_part(value: object) -> bool:
    """Tell whether a value groups texts; the forms of a plural are one text."""
    return isinstance(value, dict) and not isinstance(value.get("other"), str)
