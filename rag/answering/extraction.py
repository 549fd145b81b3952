"""Extraction: a passage's exact words in place of a model's copy of them. Pure.

From a passage in another language, small models copy an answer better than they word one. The copy is often
inexact, so the passage's text replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from rag.locales.catalogue import texts
from rag.text.language import count_words, is_in_language
from rag.text.sentences import sentence_spans
from rag.types import Hit

MAX_TOKENS = 60
"""Maximum tokens of a copy; enough to identify the sentence. Fitted on 126 questions."""
MAX_NAME_WORDS, MAX_PHRASE_WORDS = 2, 8
"""Maximum words of a copy that may be a name, which has no language, and of a copy that is quoted without
the rest of its sentence. Fitted on 126 questions."""
MIN_COPIED_SHARE, MIN_COMPLETE_SHARE, MIN_BLOCK_CHARACTERS = 0.6, 0.9, 3
"""Share of a copy, in matching blocks of at least 3 characters, that a sentence must contain to be its
source, and to replace it in full. Fitted on 126 questions."""


def exact_quote(copy: str, language: str, hits: Sequence[Hit]) -> str:
    """Return the passage's words for a copy, with an introduction in `language` where they are in another.

    "" where the copy is in another language and in no passage.
    """
    text = " ".join(copy.split())
    source, source_language, share = _source(text, hits)
    foreign = source_language not in ("", language) and count_words(text) > MAX_NAME_WORDS
    if is_in_language(text, language) and not foreign:
        sentence = share >= MIN_COMPLETE_SHARE or count_words(text) > MAX_PHRASE_WORDS
        return source if source_language == language and sentence else text
    return str(texts("answers", language)["article_says"].format(text=source)) if source else ""


def _source(text: str, hits: Sequence[Hit]) -> tuple[str, str, float]:
    """Return the source of a copy: its exact words or its sentence, the passage's language, the copied share.

    Two adjacent sentences are the source where no single one contains nearly all of the copy.
    """
    share, best, language = _nearest(text, hits, 1)
    if share < MIN_COMPLETE_SHARE and (two := _nearest(text, hits, 2))[0] >= MIN_COMPLETE_SHARE:
        share, best, language = two
    if share < MIN_COPIED_SHARE:
        return "", "", 0.0
    verbatim = (
        re.search(re.escape(text), best, re.IGNORECASE) if count_words(text) <= MAX_PHRASE_WORDS else None
    )
    return (verbatim[0] if verbatim else best), language, share


def _nearest(text: str, hits: Sequence[Hit], length: int) -> tuple[float, str, str]:
    """Return the share, text and language of the `length` adjacent sentences that contain most of a text."""
    candidates = [(window, hit.language) for hit in hits for window in _windows(hit, length)]
    shares = ((_share(text, window), window, language) for window, language in candidates)
    return max(shares, key=lambda candidate: candidate[0], default=(0.0, "", ""))


def _windows(hit: Hit, length: int) -> list[str]:
    """Return every `length` adjacent sentences of a passage, on one line each."""
    spans = sentence_spans(hit.passage.text, hit.language)
    ends = zip(spans, spans[length - 1 :], strict=False)
    return [" ".join(hit.passage.text[first[0] : last[1]].split()) for first, last in ends]


def _share(text: str, sentence: str) -> float:
    """Return the share of a text in blocks that a sentence contains in the same order."""
    if text.casefold() in sentence.casefold():
        return 1.0 if text else 0.0
    blocks = SequenceMatcher(None, text, sentence, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= MIN_BLOCK_CHARACTERS) / len(text)
