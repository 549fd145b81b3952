"""Quotations: the sentences of the retrieved passages that most likely answer, quoted as they stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answering.context import RankedHit
from rag.text.sentences import trimmed
from rag.types import SHOWN_QUOTES, Hit, Quote

_WITHIN_WORD = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]{2}")
"""Two letters or digits of one word, in scripts that set words apart."""


def select_quotes(ranked: Sequence[RankedHit], numbered: Sequence[Hit]) -> tuple[Quote, ...]:
    """Select the SHOWN_QUOTES best sentences of all hits, then the best of each other hit, best first.

    A sentence that several articles have is quoted once. `numbered` are the same hits in the order of their
    citation numbers.
    """
    numbers = {_key(hit): n for n, hit in enumerate(numbered, 1)}
    chosen: dict[str, Quote] = {}
    for text, quote in sorted(_candidates(ranked, numbers), key=lambda candidate: -candidate[1].score):
        if len(chosen) < SHOWN_QUOTES or all(quote.n != other.n for other in chosen.values()):
            chosen.setdefault(text, quote)
    return tuple(chosen.values())


def _candidates(
    ranked: Sequence[RankedHit], numbers: dict[tuple[str, int], int]
) -> Iterator[tuple[str, Quote]]:
    """Yield every sentence: its text, normalised for comparison, and its quote."""
    for scored in ranked:
        n, passage = numbers[_key(scored.hit)], scored.hit.passage.text
        for sentence in scored.sentences:
            start, end = trimmed(passage, sentence.start, sentence.end)
            if start < end:
                strong = (_whole_words(passage, sentence.answer),) if sentence.answer else ()
                text = " ".join(passage[start:end].casefold().split())
                yield text, Quote(n, start, end, sentence.score, strong)


def _whole_words(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return a span, extended to whole words: the answer scorer marks tokens, which may be parts of one."""
    start, end = span
    while 0 < start < end and _WITHIN_WORD.fullmatch(text, start - 1, start + 1):
        start -= 1
    while start < end < len(text) and _WITHIN_WORD.fullmatch(text, end - 1, end + 1):
        end += 1
    return start, end


def _key(hit: Hit) -> tuple[str, int]:
    return hit.passage.article_id, hit.passage.ordinal
