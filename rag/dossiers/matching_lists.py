"""Find the enumerations of the library that a question asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.dossiers.enumerations import Enumeration, Span, enumerations
from rag.dossiers.excerpts import Excerpt
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Filters, Hit

SEARCHED_PASSAGES = 12
"""Passages that are searched for. Not fitted."""
MAX_ARTICLES = 5
"""Articles of these whose enumerations are compared. Not fitted."""
MIN_COSINES = 0.55
"""Sum of two cosines from which an enumeration is the one asked for: of the question to title and
introduction, and to introduction and items. Set on 27 questions of the samples, 17 of which ask for a list
there: 12 of 14 found are right."""
MIN_SHARE = 0.85
"""Share of the best sum from which a second enumeration is given. Not fitted."""

ListItem = tuple[Excerpt, ...]
"""An introduction or an item: the parts of it in successive passages."""


@dataclass(frozen=True, slots=True)
class MatchingList:
    """An enumeration that a question asks for, as excerpts; the introduction is empty if there is none."""

    introduction: ListItem
    items: tuple[ListItem, ...]


class MatchingLists:
    """Finds enumerations by their introduction and their items."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def find(self, question: str, language: str, filters: Filters) -> list[MatchingList]:
        """The enumerations that a question in a language (ISO 639-1) asks for, best first; at most two."""
        hits = self._retriever.search(question, SEARCHED_PASSAGES, language=language, filters=filters)
        ids = list(dict.fromkeys(hit.article.id for hit in hits))[:MAX_ARTICLES]
        articles = [article for i in ids if (article := self._store.ledger.article(i))]
        found = [one for article in articles for one in enumerations(article)]
        ranked = sorted(self._scored(question, language, found), key=lambda one: -one[0])
        least = max(MIN_COSINES, MIN_SHARE * ranked[0][0]) if ranked else MIN_COSINES
        return [self._list(one) for score, one in ranked[:2] if score >= least]

    def _scored(
        self, question: str, language: str, found: Sequence[Enumeration]
    ) -> Iterator[tuple[float, Enumeration]]:
        if not found:
            return
        goal = self._retriever.question_vector(question, language)
        texts = [text for one in found for text in (one.titled, one.whole)]
        languages = [one.article.language for one in found for _ in range(2)]
        cosines = self._retriever.sentence_vectors(list(zip(texts, languages, strict=True))) @ goal
        for n, one in enumerate(found):
            yield float(cosines[2 * n] + cosines[2 * n + 1]), one

    def _list(self, one: Enumeration) -> MatchingList:
        owned = self._store.ledger.passages_of([one.article.id])
        hits = [Hit(stored.passage, stored.article, score=0.0) for stored in owned]
        introduction = _excerpts(one.introduction, hits) if one.introduction else ()
        items = (_excerpts(span, hits) for span in one.items)
        return MatchingList(introduction, tuple(item for item in items if item))


def _excerpts(span: Span, hits: Sequence[Hit]) -> ListItem:
    """The parts of a span of an article in its passages."""
    parts = []
    for hit in hits:
        start, end = max(span[0], hit.passage.start), min(span[1], hit.passage.end)
        if start < end:
            parts.append(Excerpt(hit, start - hit.passage.start, end - hit.passage.start))
    return tuple(parts)
