"""Extraction: a passage's exact words in place of a model's copy of them. Pure.

Small models copy an answer from a passage in another language better than they word one. The copy is often
inexact, so it is replaced by the text of the passage.
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
"""Maximum words of a copy that may be a name, which has no language; and of one that is quoted without its
sentence. Fitted on 126 questions."""
MIN_COPIED_SHARE, MIN_COMPLETE_SHARE, MIN_BLOCK_CHARS = 0.6, 0.9, 3
"""Share of a copy, in matching blocks of at least 3 characters, that a sentence must contain to be its
source; and to replace it in full. Fitted on 126 questions."""


def quoted(written: str, language: str, hits: Sequence[Hit]) -> str:
    """The passage's words for a copy, introduced in `language` where they are in another.

    "" where the copy is in another language and in no passage.
    """
    text = " ".join(written.split())
    exact, other, share = _exact(text, hits)
    foreign = other not in ("", language) and count_words(text) > MAX_NAME_WORDS
    if is_in_language(text, language) and not foreign:
        sentence = share >= MIN_COMPLETE_SHARE or count_words(text) > MAX_PHRASE_WORDS
        return exact if other == language and sentence else text
    return str(texts("answers", language)["article_says"].format(text=exact)) if exact else ""


def _exact(text: str, hits: Sequence[Hit]) -> tuple[str, str, float]:
    """The source of a copy: its exact words or its sentence, the passage's language, the copied share.

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


def _nearest(text: str, hits: Sequence[Hit], run: int) -> tuple[float, str, str]:
    """The run of `run` sentences that contains most of a text: the share, the run and its language."""
    told = [(stretch, hit.language) for hit in hits for stretch in _stretches(hit, run)]
    shares = ((_share(text, stretch), stretch, language) for stretch, language in told)
    return max(shares, key=lambda one: one[0], default=(0.0, "", ""))


def _stretches(hit: Hit, run: int) -> list[str]:
    """Every run of `run` adjacent sentences of a passage, on one line each."""
    spans = sentence_spans(hit.passage.text, hit.language)
    ends = zip(spans, spans[run - 1 :], strict=False)
    return [" ".join(hit.passage.text[first[0] : last[1]].split()) for first, last in ends]


def _share(text: str, sentence: str) -> float:
    """The share of a text in blocks that a sentence contains in the same order."""
    if text.casefold() in sentence.casefold():
        return 1.0 if text else 0.0
    blocks = SequenceMatcher(None, text, sentence, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= MIN_BLOCK_CHARS) / len(text)
