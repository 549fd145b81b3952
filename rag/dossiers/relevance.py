"""Choose the passages that are about a subject: near to it, and of articles that name what it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.dossiers.subject import Subject
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Article, ArticleInfo, Filters, Hit

MAX_PASSAGES = 40
"""Passages that are searched for. Not fitted."""
MIN_COSINE_SHARE = 0.65
"""Share of the best passage's balanced cosine from which a passage is about the subject. Set on 14 subjects
of the sample library."""
MIN_MAIN_SHARE = 0.85
"""Share from which all of the passage's article is, where no title names the subject. Set on the same."""
MIN_COSINE = 0.08
"""The least such cosine where no name sets articles apart. Set on the same."""
MAX_ARTICLE_PASSAGES = 40
"""Passages that are read of an article that is all about the subject. Not fitted."""


@dataclass(frozen=True, slots=True)
class Found:
    """The passages about a subject, best first.

    `subject` is what was searched for: without names that all articles have. `telling` are its names and
    dates that other articles lack. `main` are the ids of the articles that are all about it, and `others`
    their other passages, in order.
    """

    subject: Subject
    hits: tuple[Hit, ...]
    others: tuple[Hit, ...]
    main: frozenset[str]
    telling: frozenset[str]

    def names(self, article: ArticleInfo, text: str) -> bool:
        """Whether a text of an article and its title have all telling names."""
        return self.telling <= _held(self.subject, article, text)


class Relevance:
    """Finds the passages about a subject."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def find(self, subject: Subject, filters: Filters) -> Found:
        """Find the passages about a subject.

        Of a subject with names or dates only articles count that have all of these, in any spelling. Of an
        article whose title has a telling one, every passage counts; without such a title, of those that are
        nearest.
        """
        hits, articles = self._search(subject, filters)
        held = {one.id: _held(subject, one, one.text) for one in articles}
        common = frozenset(name for name in subject.names if all(name in there for there in held.values()))
        if common and (narrower := subject.without(common)).text:
            hits, articles = self._search(narrower, filters)
            held = {one.id: _held(subject, one, one.text) for one in articles}
            subject = narrower
        complete = [hit for hit in hits if subject.names <= held.get(hit.article.id, frozenset())]
        found = _nearest(Found(subject, tuple(complete), (), frozenset(), subject.names - common))
        return replace(found, others=tuple(self._others(found, complete)))

    def _search(self, subject: Subject, filters: Filters) -> tuple[list[Hit], list[Article]]:
        hits = self._retriever.search(subject.text, MAX_PASSAGES, language=subject.language, filters=filters)
        ids = dict.fromkeys(hit.article.id for hit in hits)
        return hits, [article for i in ids if (article := self._store.ledger.article(i))]

    def _others(self, found: Found, hits: Sequence[Hit]) -> Iterator[Hit]:
        """The passages of the main articles that are not among the nearest."""
        known = {(hit.article.id, hit.passage.ordinal) for hit in found.hits}
        info = {hit.article.id: hit.article for hit in hits}
        for stored in self._store.ledger.passages_of(sorted(found.main)):
            ordinal = stored.passage.ordinal
            if (stored.article.id, ordinal) not in known and ordinal < MAX_ARTICLE_PASSAGES:
                yield Hit(stored.passage, info[stored.article.id], score=0.0)


def _nearest(found: Found) -> Found:
    """Keep the passages that are near enough, and name the main articles."""
    best = max((hit.near for hit in found.hits), default=0.0)
    least = MIN_COSINE_SHARE * best if found.telling else max(MIN_COSINE_SHARE * best, MIN_COSINE)
    titled = {hit.article.id for hit in found.hits if found.telling and found.names(hit.article, "")}
    main = titled or {
        hit.article.id for hit in found.hits if hit.near >= max(MIN_MAIN_SHARE * best, MIN_COSINE)
    }
    kept = (hit for hit in found.hits if hit.near >= least and found.names(hit.article, hit.passage.text))
    return replace(found, hits=tuple(kept), main=frozenset(main))


def _held(subject: Subject, article: ArticleInfo, text: str) -> frozenset[str]:
    return subject.held(f"{article.title}\n{text}", article.language, article.published)
