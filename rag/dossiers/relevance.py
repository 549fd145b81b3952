"""Choose the passages that are about a subject: near to it, and of articles that name what it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.dossiers.excerpts import Excerpt, lead_of, quotable
from rag.dossiers.subject import Subject
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Article, ArticleInfo, Filters, Hit

MAX_PASSAGES = 40
"""Passages that are searched for. Not fitted."""
MIN_COSINE_SHARE = 0.65
"""Share of the best passage's centred cosine from which a passage is about the subject. Set on 14 subjects
of the sample library."""
MIN_NAMED_SHARE = 0.5
"""The same where it has the names that the subject tells. Set on 37 subjects of the sample library."""
MIN_MAIN_SHARE = 0.75
"""Share from which the passage's article is, where no title names the subject. Set on the same."""
MIN_COSINE = 0.2
"""The least such cosine where no name sets articles apart. Set on 47 answers that somebody else judged
(docs/benchmarks.md)."""
MIN_UNSURE_COSINE = 0.3
"""The least such cosine where no article surely has a name of the subject. Set on 12 subjects that the sample
library has or lacks."""
MIN_MAIN_PASSAGES = 0.5
"""Share of an article's passages that name the subject from which it is about that as a whole. Not fitted."""
MAX_ARTICLE_PASSAGES = 40
"""Passages that are read of an article that is all about the subject. Not fitted."""


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest passages of the articles about a subject, best first, and the other ones of these articles.

    `searched` is what was searched for: `subject` without names that all articles have. `telling` are the
    names that tell articles apart, `main` the ids of the articles that are about these as a whole.
    """

    subject: Subject
    searched: Subject
    hits: tuple[Hit, ...] = ()
    others: tuple[Hit, ...] = ()
    telling: frozenset[str] = frozenset()
    main: frozenset[str] = frozenset()

    def excerpts(self, hits: Iterable[Hit]) -> list[Excerpt]:
        """The quotable sentences of passages that are about the subject.

        In an article that names the subject in passing these are the sentences of the passages that name it,
        and the list items that do themselves.
        """
        return [one for one in quotable(hits) if one.hit.article.id in self.main or self._names(one)]

    def _names(self, one: Excerpt) -> bool:
        text = one.text if one.is_item else one.hit.passage.text
        return self.telling <= self.subject.held(text, one.hit.language, one.hit.article.published)


class Relevance:
    """Finds the passages about a subject."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def find(self, subject: Subject, filters: Filters) -> Found:
        """Find the articles about a subject.

        Of a subject with names or dates only passages count that have all of these, in any spelling, or whose
        title has. Otherwise the articles of the nearest passages are meant. Names that all articles have are
        not searched for, unless there are only names.
        """
        searched = subject
        hits, articles = self._search(subject, filters)
        held = {one.id: _held(subject, one, one.text) for one in articles}
        common = frozenset(name for name in subject.names if all(name in there for there in held.values()))
        telling = subject.names - common
        if common and not subject.is_names_alone and (narrower := subject.without(common)).text:
            hits, articles = self._search(narrower, filters)
            held |= {one.id: _held(subject, one, one.text) for one in articles if one.id not in held}
            searched = narrower
        candidates = [hit for hit in hits if telling <= held.get(hit.article.id, frozenset())]
        if not self._is_there(subject, articles, candidates):
            candidates = []
        near = _near(subject, telling, candidates)
        owned = self._passages(near)
        main = frozenset(id for id, passages in owned.items() if _is_main(subject, telling, passages))
        return Found(subject, searched, tuple(near), tuple(_others(near, owned)), telling, main)

    @staticmethod
    def _is_there(subject: Subject, articles: Sequence[Article], hits: Sequence[Hit]) -> bool:
        """Whether names that the gazetteer lacks are surely in an article, or passages are near without."""
        sure = (subject.surely_held(f"{x.title}\n{x.text}", x.language, x.published) for x in articles)
        lacking = subject.unlisted and subject.unlisted.difference(*sure)
        return not lacking or max((hit.near for hit in hits), default=0.0) >= MIN_UNSURE_COSINE

    def _search(self, subject: Subject, filters: Filters) -> tuple[list[Hit], list[Article]]:
        hits = self._retriever.search(subject.text, MAX_PASSAGES, language=subject.language, filters=filters)
        ids = dict.fromkeys(hit.article.id for hit in hits)
        return hits, [article for i in ids if (article := self._store.ledger.article(i))]

    def _passages(self, near: Sequence[Hit]) -> dict[str, list[Hit]]:
        """The first passages of the articles of the nearest ones, by article."""
        info = {hit.article.id: hit.article for hit in near}
        owned: dict[str, list[Hit]] = {id: [] for id in info}
        for stored in self._store.ledger.passages_of(sorted(info)):
            if stored.passage.ordinal < MAX_ARTICLE_PASSAGES:
                id = stored.article.id
                owned[id].append(Hit(stored.passage, info[id], score=0.0))
        return owned


def _others(near: Sequence[Hit], owned: Mapping[str, Sequence[Hit]]) -> Iterator[Hit]:
    known = {(hit.article.id, hit.passage.ordinal) for hit in near}
    for passages in owned.values():
        yield from (hit for hit in passages if (hit.article.id, hit.passage.ordinal) not in known)


def _is_main(subject: Subject, telling: frozenset[str], passages: Sequence[Hit]) -> bool:
    """Whether an article is about the names that tell articles apart.

    Its title and its lead have them, as news do, or half of its passages.
    """
    left = telling - _held(subject, passages[0].article, lead_of(passages[0]))
    held = [subject.held(hit.passage.text, hit.language, None) for hit in passages] if left else []
    return all(sum(name in one for one in held) >= MIN_MAIN_PASSAGES * len(passages) for name in left)


def _near(subject: Subject, telling: frozenset[str], hits: Sequence[Hit]) -> list[Hit]:
    """The passages that are near enough, of the articles that are about the subject."""
    best = max((hit.near for hit in hits), default=0.0)
    least = 0.0 if telling else MIN_COSINE
    main = {hit.article.id for hit in hits if telling or hit.near >= max(MIN_MAIN_SHARE * best, least)}
    return [
        hit
        for hit in hits
        if hit.article.id in main
        and hit.near >= max((MIN_NAMED_SHARE if telling else MIN_COSINE_SHARE) * best, least)
        and telling <= _held(subject, hit.article, hit.passage.text)
    ]


def _held(subject: Subject, article: ArticleInfo, text: str) -> frozenset[str]:
    return subject.held(f"{article.title}\n{text}", article.language, article.published)
