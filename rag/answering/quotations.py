"""Quotations: the sentences of the retrieved passages that most likely answer, quoted as they stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answering.context import Weighed
from rag.types import SHOWN_QUOTES, Hit, Quote


def quotes(weighed: Sequence[Weighed], numbered: Sequence[Hit]) -> tuple[Quote, ...]:
    """The SHOWN_QUOTES best sentences of all hits, then the best of each other hit, best first.

    A sentence that several articles have is quoted once. `numbered` are the same hits in the order of their
    citation numbers.
    """
    numbers = {_key(hit): n for n, hit in enumerate(numbered, 1)}
    chosen: dict[str, Quote] = {}
    for text, quote in sorted(_candidates(weighed, numbers), key=lambda one: -one[1].score):
        if len(chosen) < SHOWN_QUOTES or all(quote.n != other.n for other in chosen.values()):
            chosen.setdefault(text, quote)
    return tuple(chosen.values())


def _candidates(
    weighed: Sequence[Weighed], numbers: dict[tuple[str, int], int]
) -> Iterator[tuple[str, Quote]]:
    for one in weighed:
        n = numbers[_key(one.hit)]
        for stretch in one.stretches:
            start, end = _trimmed(one.hit.passage.text, stretch.start, stretch.end)
            if start < end:
                strong = (stretch.strong,) if stretch.strong else ()
                text = " ".join(one.hit.passage.text[start:end].casefold().split())
                yield text, Quote(n, start, end, stretch.worth, strong)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())


def _key(hit: Hit) -> tuple[str, int]:
    return hit.passage.article_id, hit.passage.ordinal
