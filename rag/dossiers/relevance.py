"""Choose the passages that are about a subject: near to it, and from articles that name what it names."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.question_entities import REQUIRED_KINDS
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import ArticleInfo, Filters, Hit
from rag.verification.analysed_text import AnalysedText
from rag.verification.facts import Facts, extract

MAX_PASSAGES = 40
"""Passages that are searched for. Not fitted."""
MIN_COSINE_SHARE = 0.6
"""Share of the best passage's balanced cosine from which a passage is about the subject. Set on 8 subjects
of the sample library."""
MIN_COSINE = 0.08
"""Balanced cosine below which nothing is about the subject. Set on the same."""


class Relevance:
    """Finds the passages about a subject."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def passages(self, subject: str, language: str, filters: Filters) -> list[Hit]:
        """The passages about a subject, best first.

        Of a subject with names or dates only articles count that have all of these, in any spelling; and of
        these only passages that have one that other articles lack, themselves or in the title.
        """
        hits = self._retriever.search(subject, MAX_PASSAGES, language=language, filters=filters)
        about = self._naming(extract(subject, language), hits)
        nearest = max((hit.near for hit in about), default=0.0)
        return [hit for hit in about if hit.near >= max(MIN_COSINE_SHARE * nearest, MIN_COSINE)]

    def _naming(self, subject: AnalysedText, hits: Sequence[Hit]) -> list[Hit]:
        wanted = _all(subject)
        if not wanted:
            return list(hits)
        ids = dict.fromkeys(hit.article.id for hit in hits)
        articles = [article for i in ids if (article := self._store.ledger.article(i))]
        held = {one.id: _held(one.title, one.text, one, subject) for one in articles}
        complete = [hit for hit in hits if held.get(hit.article.id) == wanted]
        telling = {name for name in wanted if any(name not in there for there in held.values())}
        if not telling:
            return complete
        return [
            hit
            for hit in complete
            if telling & _held(hit.article.title, hit.passage.text, hit.article, subject)
        ]


def _all(subject: AnalysedText) -> set[str]:
    """The names and dates of a subject."""
    verdicts = Facts.of("", subject.language).presence(subject)
    return {one.claim.text for one in verdicts if one.claim.kind in REQUIRED_KINDS}


def _held(title: str, text: str, article: ArticleInfo, subject: AnalysedText) -> set[str]:
    """The names and dates of a subject that a text has, in any spelling, or may have."""
    facts = Facts.of(f"{title}\n{text}", article.language, article.published)
    verdicts = facts.presence(subject)
    return {one.claim.text for one in verdicts if one.claim.kind in REQUIRED_KINDS and one.status != "absent"}
