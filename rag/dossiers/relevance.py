"""Choose the passages that are about a subject: near to it, and from articles that name what it names."""

from __future__ import annotations

from collections.abc import Sequence

from rag.dossiers.subject import Subject
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import ArticleInfo, Filters, Hit

MAX_PASSAGES = 40
"""Passages that are searched for. Not fitted."""
MIN_COSINE_SHARE = 0.6
"""Share of the best passage's balanced cosine from which a passage is about the subject. Set on 8 subjects
of the sample library."""
MIN_COSINE = 0.08
"""The least such cosine where no name sets articles apart. Set on the same."""


class Relevance:
    """Finds the passages about a subject."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def passages(self, subject: Subject, filters: Filters) -> tuple[list[Hit], frozenset[str]]:
        """The passages about a subject, best first, and the names that set its articles apart.

        Of a subject with names or dates only articles count that have all of these, in any spelling; and of
        these only passages that have one that other articles lack, themselves or in the title.
        """
        hits = self._retriever.search(subject.text, MAX_PASSAGES, language=subject.language, filters=filters)
        about, telling = self._naming(subject, hits)
        nearest = max((hit.near for hit in about), default=0.0)
        least = MIN_COSINE_SHARE * nearest if telling else max(MIN_COSINE_SHARE * nearest, MIN_COSINE)
        return [hit for hit in about if hit.near >= least], telling

    def _naming(self, subject: Subject, hits: Sequence[Hit]) -> tuple[list[Hit], frozenset[str]]:
        if not subject.names:
            return list(hits), frozenset()
        ids = dict.fromkeys(hit.article.id for hit in hits)
        articles = [article for i in ids if (article := self._store.ledger.article(i))]
        held = {one.id: held_under_title(subject, one, one.text) for one in articles}
        complete = [hit for hit in hits if held.get(hit.article.id) == subject.names]
        telling = frozenset(
            name for name in subject.names if any(name not in there for there in held.values())
        )
        if not telling:
            return complete, telling
        return [
            one for one in complete if telling & held_under_title(subject, one.article, one.passage.text)
        ], telling


def held_under_title(subject: Subject, article: ArticleInfo, text: str) -> frozenset[str]:
    """The names and dates of a subject that a text of an article, or its title, has."""
    return subject.held(f"{article.title}\n{text}", article.language, article.published)
