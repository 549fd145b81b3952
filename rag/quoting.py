"""A passage's own words in place of an answer. Pure.

A small model copies what answers a question better than it words it, above all from another language. What
it copies is not always exact: the reader is given the words as they stand in the passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from rag.documents import Hit
from rag.reading.language import count_words, spoken_in
from rag.sentences import sentences

LONGEST = 100  # tokens of a quotation
_NAME = 2  # words of what may be a name, which has no language
_COPIED, _PIECE = 0.6, 3
"""Share of what a model copied that must be in the sentence, in pieces of so many characters."""
_SAYS = {
    "en": "The article says: “{}”",
    "fr": "L'article dit : « {} »",
    "zh": "文章原文：“{}”",
    "vi": "Bài viết nêu: “{}”",
    "ru": "В статье сказано: «{}»",
}


def quoted(written: str, language: str, hits: Sequence[Hit]) -> str:
    """What a model copied, for a reader of a language; "" where it is in another one and in no passage."""
    text = " ".join(written.split())
    if not text:
        return ""
    exact, other = _exact(text, hits)
    foreign = other not in ("", language) and count_words(text) > _NAME
    if spoken_in(text, language) and not foreign:
        return text
    return _SAYS.get(language, _SAYS["en"]).format(exact) if exact else ""


def _exact(text: str, hits: Sequence[Hit]) -> tuple[str, str]:
    """The words as a passage has them, or the sentence that has most of them; and their language."""
    for hit in hits:
        if found := re.search(re.escape(text), " ".join(hit.passage.text.split()), re.IGNORECASE):
            return found[0], hit.language
    told = [
        (hit.passage.text[s:e], hit) for hit in hits for s, e in sentences(hit.passage.text, hit.language)
    ]
    ranked = sorted(told, key=lambda one: -_share(text, one[0]))
    if not ranked or _share(text, ranked[0][0]) < _COPIED:
        return "", ""
    return " ".join(ranked[0][0].split()), ranked[0][1].language


def _share(text: str, sentence: str) -> float:
    """How much of a text a sentence has, in the same order and by pieces of some length."""
    blocks = SequenceMatcher(None, text, sentence, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= _PIECE) / max(1, len(text))
