"""Stretches of articles around the passages found: what a sentence of a draft is compared with.

A passage of about 90 tokens often lacks the name or the year that the sentence before it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.text.sentences import sentence_spans, sentences
from rag.types import Article, ArticleInfo, Hit
from rag.verification.claims import Span

MAX_ARTICLES = 6
"""Articles that a sentence is compared with. Not fitted."""
MARGIN_CHARACTERS = {"zh": 260}
DEFAULT_MARGIN_CHARACTERS = 800
"""Characters of an article before and after a passage that belong to its window: about two passages. Not
fitted."""
PIECE_CHARACTERS = {"zh": 180}
DEFAULT_PIECE_CHARACTERS = 500
"""Characters of the pieces that the answer scorer reads: about a passage. Not fitted."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an article, `article.text[start : start + len(text)]`, read under the article's title."""

    article: ArticleInfo
    language: str
    start: int
    text: str

    @property
    def titled(self) -> str:
        """The stretch under the title."""
        return f"{self.article.title}\n{self.text}" if self.article.title else self.text

    @property
    def offset(self) -> int:
        """Where the stretch begins in `titled`."""
        return len(self.titled) - len(self.text)

    @property
    def pieces(self) -> list[Span]:
        """Whole sentences of `titled` together, each about as long as a passage."""
        longest = PIECE_CHARACTERS.get(self.language, DEFAULT_PIECE_CHARACTERS)
        found: list[Span] = []
        for start, end in sentence_spans(self.titled, self.language):
            if found and end - found[-1][0] <= longest:
                found[-1] = found[-1][0], end
            else:
                found.append((start, end))
        return found


def windows(hits: Sequence[Hit], article: Callable[[str], Article | None]) -> list[Window]:
    """The windows of the first articles that were found; `article` reads one by its id."""
    found: list[Window] = []
    ids = list(dict.fromkeys(hit.article.id for hit in hits))[:MAX_ARTICLES]
    for wanted in ids:
        known = article(wanted)
        if known is not None:
            found += _of_article(known, [hit for hit in hits if hit.article.id == wanted])
    return found


def _of_article(article: Article, hits: Sequence[Hit]) -> Iterator[Window]:
    spans = sorted(_around(article, hit) for hit in hits)
    merged = spans[:1]
    for start, end in spans[1:]:
        if start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    for start, end in merged:
        yield Window(article, hits[0].language, start, article.text[start:end])


def _around(article: Article, hit: Hit) -> Span:
    """The span of the whole sentences around a passage."""
    margin = MARGIN_CHARACTERS.get(hit.language, DEFAULT_MARGIN_CHARACTERS)
    passage = hit.passage
    low, high = max(passage.start - margin, 0), min(passage.end + margin, len(article.text))
    spans = sentences(article.text[low:high], hit.language)
    whole = spans[low > 0 : len(spans) - (high < len(article.text))]  # those at the edges may be cut
    first, last = (whole[0][0], whole[-1][1]) if whole else (passage.start - low, passage.end - low)
    return min(low + first, passage.start), max(low + last, passage.end)
