"""What tells a text from others: beginnings of the words that name something. Pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from rag.pronouns import pronouns_of

_LETTERS = 4
"""Letters that tell a word, whatever its ending."""
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_PRONOUNS = frozenset("他她它们这那其谁哪几")


def stems(text: str, language: str) -> set[str]:
    """Beginnings of the words that name something, and numbers; of Chinese ones pairs of characters.

    KeyError for a language that is none of rag.pronouns.LANGUAGES.
    """
    light = pronouns_of(language).light
    plain = unicodedata.normalize("NFKC", text).lower()
    words = [word for word in _WORD.findall(_HAN.sub(" ", plain)) if word not in light]
    pairs = {"".join(pair) for pair in pairwise(plain) if all(map(_HAN.match, pair))}
    telling = {pair for pair in pairs if not set(pair) & (light | _HAN_PRONOUNS)}
    return {word if word.isdigit() else word[:_LETTERS] for word in words} | telling
