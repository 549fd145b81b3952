"""Choose the passages that are about a subject: similar to it, and in articles that contain its names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rag.dossiers.quotable_spans import QuotableSpan, lead_of, quotable_spans
from rag.dossiers.subject import Subject
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Article, ArticleInfo, Filters, Hit

MAX_PASSAGES = 40
"""Number of passages searched for. Not fitted."""
MIN_COSINE_SHARE = 0.65
"""Minimum mean-centred cosine of a relevant passage, as a share of the best passage's. Fitted on 14 subjects
of the sample library."""
MIN_NAMED_SHARE = 0.5
"""The same for a passage with the subject's distinctive names. Fitted on 37 subjects of the sample
library."""
MIN_MAIN_SHARE = 0.75
"""The same for the best passage of a relevant article, if the subject has no distinctive names. Fitted on the
same 37 subjects."""
MIN_COSINE = 0.2
"""Minimum such cosine if the subject has no distinctive names. Fitted on 47 answers that another person
judged (docs/benchmarks.md)."""
MIN_UNSURE_COSINE = 0.3
"""Minimum such cosine of one passage if no article surely contains a name of the subject. Fitted on 12
subjects that the sample library covers or lacks."""
MIN_MAIN_PASSAGES = 0.5
"""Minimum share of an article's passages that contain a distinctive name, for the article to be about it. Not
fitted."""
MAX_READ_ARTICLES = 8
"""Maximum number of articles of which passages that the search did not find are read, too. Not fitted."""
MAX_ARTICLE_PASSAGES = 40
"""Maximum number of passages read of an article about the subject. Not fitted."""


@dataclass(frozen=True, slots=True)
class RelevantPassages:
    """The nearest passages, best first, of the articles about a subject, and these articles' other passages.

    `searched` is `subject` without the names that all articles contain. `distinctive` are its other names,
    `main` the ids of the articles that are about these, rather than mention them.
    """

    subject: Subject
    searched: Subject
    hits: tuple[Hit, ...] = ()
    others: tuple[Hit, ...] = ()
    distinctive: frozenset[str] = frozenset()
    main: frozenset[str] = frozenset()

    def excerpts(self, hits: Iterable[Hit]) -> list[QuotableSpan]:
        """Return the quotable spans of passages that are about the subject.

        In an article that only mentions the subject, a sentence counts if its passage contains the
        distinctive names, and a list item if it contains them itself.
        """
        return [one for one in quotable_spans(hits) if one.hit.article.id in self.main or self._names(one)]

    def _names(self, one: QuotableSpan) -> bool:
        text = one.text if one.is_item else one.hit.passage.text
        return self.distinctive <= self.subject.held(text, one.hit.language, one.hit.article.published)


class Relevance:
    """Finds the passages about a subject."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def find(self, subject: Subject, filters: Filters) -> RelevantPassages:
        """Find the passages about a subject.

        If the subject has distinctive names or dates, a passage must contain all of them, in any spelling and
        in its text or title. Otherwise the articles of the nearest passages count. Names that all articles
        contain are not searched for, unless the subject consists of names only.
        """
        searched = subject
        hits, articles = self._search(subject, filters)
        held = {one.id: _held(subject, one, one.text) for one in articles}
        common = frozenset(name for name in subject.names if all(name in there for there in held.values()))
        distinctive = subject.names - common
        if common and not subject.is_names_alone and (narrower := subject.without(common)).text:
            hits, articles = self._search(narrower, filters)
            held |= {one.id: _held(subject, one, one.text) for one in articles if one.id not in held}
            searched = narrower
        candidates = [hit for hit in hits if distinctive <= held.get(hit.article.id, frozenset())]
        if not self._is_there(subject, articles, candidates):
            candidates = []
        near = _near(subject, distinctive, candidates)
        owned = self._passages(near)
        main = frozenset(id for id, passages in owned.items() if _is_main(subject, distinctive, passages))
        return RelevantPassages(
            subject, searched, tuple(near), tuple(_others(near, owned)), distinctive, main
        )

    @staticmethod
    def _is_there(subject: Subject, articles: Sequence[Article], hits: Sequence[Hit]) -> bool:
        """Tell whether articles surely contain the names that the gazetteer lacks, or a passage is near."""
        sure = (subject.surely_held(f"{x.title}\n{x.text}", x.language, x.published) for x in articles)
        lacking = subject.unlisted and subject.unlisted.difference(*sure)
        return not lacking or max((hit.near for hit in hits), default=0.0) >= MIN_UNSURE_COSINE

    def _search(self, subject: Subject, filters: Filters) -> tuple[list[Hit], list[Article]]:
        hits = self._retriever.search(subject.text, MAX_PASSAGES, language=subject.language, filters=filters)
        return hits, self._store.ledger.with_ids(hit.article.id for hit in hits)

    def _passages(self, near: Sequence[Hit]) -> dict[str, list[Hit]]:
        """Return the first passages of each article that has one of the nearest, by the article's id."""
        info = {hit.article.id: hit.article for hit in near}
        owned: dict[str, list[Hit]] = {id: [] for id in info}
        for stored in self._store.ledger.passages_of(sorted(info)):
            if stored.passage.ordinal < MAX_ARTICLE_PASSAGES:
                id = stored.article.id
                owned[id].append(Hit(stored.passage, info[id], score=0.0))
        return owned


def _others(near: Sequence[Hit], owned: Mapping[str, Sequence[Hit]]) -> Iterator[Hit]:
    """Yield the other passages of the first MAX_READ_ARTICLES articles, the nearest first."""
    known = {(hit.article.id, hit.passage.ordinal) for hit in near}
    for passages in islice(owned.values(), MAX_READ_ARTICLES):
        yield from (hit for hit in passages if (hit.article.id, hit.passage.ordinal) not in known)


def _is_main(subject: Subject, distinctive: frozenset[str], passages: Sequence[Hit]) -> bool:
    """Tell whether an article is about the distinctive names.

    It is if each is in its title or lead, where news reports state their subject, or in half of its passages.
    """
    left = distinctive - _held(subject, passages[0].article, lead_of(passages[0]))
    held = [subject.held(hit.passage.text, hit.language, None) for hit in passages] if left else []
    return all(sum(name in one for one in held) >= MIN_MAIN_PASSAGES * len(passages) for name in left)


def _near(subject: Subject, distinctive: frozenset[str], hits: Sequence[Hit]) -> list[Hit]:
    """Return the passages of the relevant articles that are near enough to the subject."""
    best = max((hit.near for hit in hits), default=0.0)
    least = 0.0 if distinctive else MIN_COSINE
    main = {hit.article.id for hit in hits if distinctive or hit.near >= max(MIN_MAIN_SHARE * best, least)}
    return [
        hit
        for hit in hits
        if hit.article.id in main
        and hit.near >= max((MIN_NAMED_SHARE if distinctive else MIN_COSINE_SHARE) * best, least)
        and distinctive <= _held(subject, hit.article, hit.passage.text)
    ]


def _held(subject: Subject, article: ArticleInfo, text: str) -> frozenset[str]:
    return subject.held(f"{article.title}\n{text}", article.language, article.published)
