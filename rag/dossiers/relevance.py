"""Choose the passages that are about a subject: near to it, and of articles that name what it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.dossiers.subject import Subject
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Article, ArticleInfo, Filters, Hit

MAX_PASSAGES = 40
"""Passages that are searched for. Not fitted."""
MIN_COSINE_SHARE = 0.65
"""Share of the best passage's centred cosine from which a passage is about the subject. Set on 14 subjects
of the sample library."""
MIN_MAIN_SHARE = 0.85
"""Share from which the passage's article is, where no title names the subject. Set on the same."""
MIN_COSINE = 0.2
"""The least such cosine where no name sets articles apart. Set on 47 answers that somebody else judged
(docs/benchmarks.md)."""
MAX_ARTICLE_PASSAGES = 40
"""Passages that are read of an article that is all about the subject. Not fitted."""


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest passages of the articles about a subject, best first, and the other ones of these articles.

    `subject` is what was searched for: without names that all articles have.
    """

    subject: Subject
    hits: tuple[Hit, ...] = ()
    others: tuple[Hit, ...] = ()


class Relevance:
    """Finds the passages about a subject."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def find(self, subject: Subject, filters: Filters) -> Found:
        """Find the articles about a subject.

        Of a subject with names or dates only articles count that have all of these, in any spelling; of these
        only those whose title has all that other articles lack, where there are such. Otherwise the articles
        of the nearest passages are meant. Names that all articles have are not searched for, unless
        there are only names.
        """
        hits, articles = self._search(subject, filters)
        held = {one.id: _held(subject, one, one.text) for one in articles}
        common = frozenset(name for name in subject.names if all(name in there for there in held.values()))
        telling = subject.names - common
        if common and not subject.is_names_alone and (narrower := subject.without(common)).text:
            hits, articles = self._search(narrower, filters)
            held |= {one.id: _held(subject, one, one.text) for one in articles if one.id not in held}
            subject = narrower
        complete = [hit for hit in hits if telling <= held.get(hit.article.id, frozenset())]
        near = _near(subject, telling, complete)
        return Found(subject, tuple(near), tuple(self._others(near)))

    def _search(self, subject: Subject, filters: Filters) -> tuple[list[Hit], list[Article]]:
        hits = self._retriever.search(subject.text, MAX_PASSAGES, language=subject.language, filters=filters)
        ids = dict.fromkeys(hit.article.id for hit in hits)
        return hits, [article for i in ids if (article := self._store.ledger.article(i))]

    def _others(self, near: Sequence[Hit]) -> Iterator[Hit]:
        """The other passages of the articles of the nearest."""
        known = {(hit.article.id, hit.passage.ordinal) for hit in near}
        info = {hit.article.id: hit.article for hit in near}
        for stored in self._store.ledger.passages_of(sorted(info)):
            ordinal = stored.passage.ordinal
            if (stored.article.id, ordinal) not in known and ordinal < MAX_ARTICLE_PASSAGES:
                yield Hit(stored.passage, info[stored.article.id], score=0.0)


def _near(subject: Subject, telling: frozenset[str], hits: Sequence[Hit]) -> list[Hit]:
    """The passages that are near enough, of the articles that are about the subject."""
    best = max((hit.near for hit in hits), default=0.0)
    least = 0.0 if telling else MIN_COSINE
    titled = {hit.article.id for hit in hits if telling and telling <= _held(subject, hit.article, "")}
    main = titled or {hit.article.id for hit in hits if hit.near >= max(MIN_MAIN_SHARE * best, least)}
    about = [hit for hit in hits if hit.article.id in main]
    best = max((hit.near for hit in about), default=0.0)
    return [
        hit
        for hit in about
        if hit.near >= max(MIN_COSINE_SHARE * best, least)
        and telling <= _held(subject, hit.article, hit.passage.text)
    ]


def _held(subject: Subject, article: ArticleInfo, text: str) -> frozenset[str]:
    return subject.held(f"{article.title}\n{text}", article.language, article.published)
