"""Quotations: the sentences of the retrieved passages that most likely answer, quoted as they stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answering.context import RankedHit
from rag.text.sentences import trimmed
from rag.types import SHOWN_QUOTES, Hit, Quote


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
    """Every sentence: its text, normalised for comparison, and its quote."""
    for scored in ranked:
        n, passage = numbers[_key(scored.hit)], scored.hit.passage.text
        for sentence in scored.sentences:
            start, end = trimmed(passage, sentence.start, sentence.end)
            if start < end:
                strong = (sentence.answer,) if sentence.answer else ()
                text = " ".join(passage[start:end].casefold().split())
                yield text, Quote(n, start, end, sentence.score, strong)


def _key(hit: Hit) -> tuple[str, int]:
    return hit.passage.article_id, hit.passage.ordinal
