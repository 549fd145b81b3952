"""Find the enumerations of the library that a question asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.dossiers.enumerations import Enumeration, enumerations
from rag.dossiers.quotable_spans import QuotableSpan
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Filters, Hit
from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Span

SEARCHED_PASSAGES = 12
"""Number of passages searched for. Not fitted."""
MAX_ARTICLES = 5
"""Maximum number of their articles whose enumerations are compared. Not fitted."""
MIN_COSINE_SUM = 0.55
"""Minimum sum of two cosines of the question: with title and introduction, and with introduction and items.
Fitted on 27 questions on the samples, 17 of which ask for a list in them: 12 of the 14 lists found are
right."""
MIN_SHARE_OF_BEST = 0.85
"""Minimum sum of a second enumeration that is quoted, as a share of the best sum. Not fitted."""

OTHER_COUNT_COST = 0.2
"""Amount by which the sum falls if the question tells another number of items. Not fitted."""
MAX_COUNT = 20
"""Maximum number in a question that is taken for one of items. Not fitted."""

ListItem = tuple[QuotableSpan, ...]
"""An introduction or an item, in parts if it continues in the next passage."""


@dataclass(frozen=True, slots=True)
class MatchingList:
    """An enumeration that a question asks for; the introduction is () if there is none."""

    introduction: ListItem
    items: tuple[ListItem, ...]


class MatchingLists:
    """Finds enumerations by their introduction and their items."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def find(self, question: str, language: str, filters: Filters) -> list[MatchingList]:
        """Return up to two enumerations that a question in a language (ISO 639-1) asks for, best first."""
        hits = self._retriever.search(question, SEARCHED_PASSAGES, language=language, filters=filters)
        ids = list(dict.fromkeys(hit.article.id for hit in hits))[:MAX_ARTICLES]
        found = [one for article in self._store.ledger.with_ids(ids) for one in enumerations(article)]
        ranked = sorted(self._scored(question, language, found), key=lambda one: -one[0])
        least = max(MIN_COSINE_SUM, MIN_SHARE_OF_BEST * ranked[0][0]) if ranked else MIN_COSINE_SUM
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
        count = _count(question, language)
        for n, one in enumerate(found):
            other_count = count is not None and len(one.items) != count
            yield float(cosines[2 * n] + cosines[2 * n + 1]) - OTHER_COUNT_COST * other_count, one

    def _list(self, one: Enumeration) -> MatchingList:
        owned = self._store.ledger.passages_of([one.article.id])
        hits = [Hit(stored.passage, stored.article, score=0.0) for stored in owned]
        introduction = _excerpts(one.introduction, hits) if one.introduction else ()
        items = (_excerpts(span, hits) for span in one.items)
        return MatchingList(introduction, tuple(item for item in items if item))


def _count(question: str, language: str) -> int | None:
    """Return the number of items that a question tells; None if it tells none, or several numbers."""
    figures = [one for one in AnalysedText(question, language).figures if one.kind == "number"]
    values = {int(value) for one in figures for value in one.values if 1 < value <= MAX_COUNT}
    return values.pop() if len(values) == 1 else None


def _excerpts(span: Span, hits: Sequence[Hit]) -> ListItem:
    """Return the parts of a span of an article's text that lie in its passages."""
    parts = []
    for hit in hits:
        start, end = max(span[0], hit.passage.start), min(span[1], hit.passage.end)
        if start < end:
            parts.append(QuotableSpan(hit, start - hit.passage.start, end - hit.passage.start))
    return tuple(parts)
