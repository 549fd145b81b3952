"""Stems of content words, for comparing short texts.

A stem is a word's first letters; Chinese text is cut into character bigrams.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from rag.text.pronouns import pronouns_of
from rag.text.scripts import HAN_CHARACTER, is_han

_STEM_LETTERS = 4
"""Length of a stem. Not fitted."""
_WORD = re.compile(r"[^\W_]+")
_HAN_PRONOUNS = frozenset("他她它们这那其谁哪几")


def stems(text: str, language: str) -> set[str]:
    """Return the stems of content words, the numbers, and the character bigrams of Chinese text.

    KeyError for a language outside rag.text.pronouns.LANGUAGES.
    """
    stop_words = pronouns_of(language).stop_words
    plain = unicodedata.normalize("NFKC", text).lower()
    words = [word for word in _WORD.findall(HAN_CHARACTER.sub(" ", plain)) if word not in stop_words]
    pairs = {"".join(pair) for pair in pairwise(plain) if all(map(is_han, pair))}
    content = {pair for pair in pairs if not set(pair) & (stop_words | _HAN_PRONOUNS)}
    return {word if word.isdigit() else word[:_STEM_LETTERS] for word in words} | content
