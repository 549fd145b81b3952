"""Windows: the stretches of articles around the passages found, with which a sentence is compared.

A passage of about 90 tokens often lacks the name or the year that the sentence before it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.text.sentences import sentence_spans, sentences
from rag.types import Article, ArticleInfo, Hit
from rag.verification.claims import Span

MAX_ARTICLES = 6
"""Maximum number of articles that a sentence is compared with. Not fitted."""
MARGIN_CHARACTERS = {"zh": 260}
DEFAULT_MARGIN_CHARACTERS = 800
"""Maximum number of characters before and after a passage in its window: about two passages. Not fitted."""
PIECE_CHARACTERS = {"zh": 180}
DEFAULT_PIECE_CHARACTERS = 500
"""Maximum length of the pieces that the answer scorer reads: about a passage. Not fitted."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an article, `article.text[start : start + len(text)]`, which is read under its title."""

    article: ArticleInfo
    language: str
    start: int
    text: str

    @property
    def titled(self) -> str:
        """The title and the stretch."""
        return f"{self.article.title}\n{self.text}" if self.article.title else self.text

    @property
    def offset(self) -> int:
        """The offset of the stretch in `titled`."""
        return len(self.titled) - len(self.text)

    @property
    def pieces(self) -> list[Span]:
        """The spans of successive sentences of `titled`, joined up to about the length of a passage."""
        longest = PIECE_CHARACTERS.get(self.language, DEFAULT_PIECE_CHARACTERS)
        found: list[Span] = []
        for start, end in sentence_spans(self.titled, self.language):
            if found and end - found[-1][0] <= longest:
                found[-1] = found[-1][0], end
            else:
                found.append((start, end))
        return found


def windows(hits: Sequence[Hit], article: Callable[[str], Article | None]) -> list[Window]:
    """Return the windows of the first MAX_ARTICLES articles found; `article` reads one by its id."""
    found: list[Window] = []
    ids = list(dict.fromkeys(hit.article.id for hit in hits))[:MAX_ARTICLES]
    for article_id in ids:
        known = article(article_id)
        if known is not None:
            found += _of_article(known, [hit for hit in hits if hit.article.id == article_id])
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
    """Return the span of the whole sentences around a passage."""
    margin = MARGIN_CHARACTERS.get(hit.language, DEFAULT_MARGIN_CHARACTERS)
    passage = hit.passage
    low, high = max(passage.start - margin, 0), min(passage.end + margin, len(article.text))
    spans = sentences(article.text[low:high], hit.language)
    whole = spans[low > 0 : len(spans) - (high < len(article.text))]  # sentences at the edges may be cut
    first, last = (whole[0][0], whole[-1][1]) if whole else (passage.start - low, passage.end - low)
    return min(low + first, passage.start), max(low + last, passage.end)
