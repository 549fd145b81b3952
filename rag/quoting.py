"""A passage's own words in place of an answer. Pure.

A small model copies what answers a question from another language better than it words it. What it copies
is not always exact: the reader is given the words as they stand in the passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from rag.documents import Hit
from rag.reading.language import count_words, spoken_in
from rag.sentences import sentences

LONGEST = 60  # tokens of a quotation: they tell which sentence is meant
_NAME, _FEW = 2, 8
"""Words of what may be a name, which has no language; of what is quoted without its sentence."""
_COPIED, _WHOLE, _PIECE = 0.6, 0.9, 3
"""Share of what a model copied that must be in the sentence, in pieces of so many characters; and from which
the sentence stands for a few words in the reader's language, which may have been cut."""
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
    exact, other, share = _exact(text, hits)
    foreign = other not in ("", language) and count_words(text) > _NAME
    if spoken_in(text, language) and not foreign:
        sentence = share >= _WHOLE or count_words(text) > _FEW
        return exact if other == language and sentence else text
    return _SAYS.get(language, _SAYS["en"]).format(exact) if exact else ""


def _exact(text: str, hits: Sequence[Hit]) -> tuple[str, str, float]:
    """The words as a passage has them, more than a few in their sentence; its language; their share.

    They may be of two sentences, where no single one has nearly all of them.
    """
    share, best, language = _nearest(text, hits, 1)
    if share < _WHOLE and (two := _nearest(text, hits, 2))[0] >= _WHOLE:
        share, best, language = two
    if share < _COPIED:
        return "", "", 0.0
    verbatim = re.search(re.escape(text), best, re.IGNORECASE) if count_words(text) <= _FEW else None
    return (verbatim[0] if verbatim else best), language, share


def _nearest(text: str, hits: Sequence[Hit], run: int) -> tuple[float, str, str]:
    """The stretch of so many sentences that has most of a text: how much of it, the stretch, its language."""
    told = [(stretch, hit.language) for hit in hits for stretch in _stretches(hit, run)]
    shares = ((_share(text, stretch), stretch, language) for stretch, language in told)
    return max(shares, key=lambda one: one[0], default=(0.0, "", ""))


def _stretches(hit: Hit, run: int) -> list[str]:
    """Every so many sentences of a passage that follow each other, in one line each."""
    spans = sentences(hit.passage.text, hit.language)
    ends = zip(spans, spans[run - 1 :], strict=False)
    return [" ".join(hit.passage.text[first[0] : last[1]].split()) for first, last in ends]


def _share(text: str, sentence: str) -> float:
    """How much of a text a sentence has, in the same order and by pieces of some length."""
    if text.casefold() in sentence.casefold():
        return 1.0 if text else 0.0
    blocks = SequenceMatcher(None, text, sentence, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= _PIECE) / len(text)
