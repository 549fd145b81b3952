"""Suggest questions that will be answered: tested ones, and dossiers and timelines of names."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import islice, takewhile
from pathlib import Path
from typing import TypeVar, get_args

from babel import Locale

from rag.dossiers.relevance import Relevance
from rag.dossiers.subject import Subject
from rag.dossiers.timeline import dated
from rag.errors import BylineError
from rag.events import Answered, Event, Unconfirmed
from rag.locales.catalogue import locale_of
from rag.locales.message import Message, render
from rag.retrieval.retriever import Retriever
from rag.sample_questions import sample_questions
from rag.store.article_list import ArticleQuery
from rag.store.store import Store
from rag.types import Answer, BroadForm, Filters, Hit, article_id
from rag.verification.analysed_text import AnalysedText
from rag.verification.names.phonetics import fold
from rag.verification.names.word_lists import Name

T = TypeVar("T")

MAX_SUGGESTED = 2
"""Maximum number of questions suggested below an answer. Not fitted."""
MAX_TRIED = 4
"""Maximum number of names tried for a dossier; each costs a search. Not fitted."""
MAX_TIMELINES = 1
"""Number of names in the question that are tried for a timeline. Not fitted."""
MAX_SECONDS = 0.3
"""Seconds after which no other name is tried: the answer waits for it. Not fitted."""
MIN_ARTICLES, MIN_SENTENCES = 2, 4
"""Minimum number of articles and of sentences found for a dossier, or of dated sentences for a timeline. Not
fitted."""
MAX_TITLES = 200
"""Number of newest articles whose titles are read for names. Not fitted."""
MAX_READ_PASSAGES = 4
"""Number of an answer's passages that are read for names. Not fitted."""


class SuggestedQuestions:
    """Suggests questions; `sample` is the folder of the sample library."""

    def __init__(self, store: Store, retriever: Retriever, sample: Path) -> None:
        self._listing, self._sample = store.listing, sample
        self._relevance = Relevance(store, retriever)

    def of_library(self, language: str, n: int = 3, filters: Filters = Filters()) -> list[str]:
        """Suggest at most n questions on what passes the filters, those in a language (ISO 639-1) first.

        For the sample library these were tested with the default model; for other libraries they are
        dossiers.
        """
        known = [one for one in sample_questions() if self._has(self._sample / one.article, filters)]
        tried = [one.question for one in sorted(known, key=lambda one: one.language != language)]
        return tried[:n] or self._dossiers(language, n, filters)

    def _has(self, path: Path, filters: Filters) -> bool:
        found = ArticleQuery(filters=replace(filters, articles=(article_id(str(path)),)))
        return self._listing.count(found) > 0

    def _dossiers(self, language: str, n: int, filters: Filters) -> list[str]:
        """Return the questions for at most n dossiers, of the names that occur in most titles."""
        listed = self._listing.page(ArticleQuery(order="published", filters=filters), MAX_TITLES)
        titles = [(one.article.title, one.article.language) for one in listed]
        tried = _in_time(list(_labels(titles, language).values())[: max(MAX_TRIED, 2 * n)])
        return list(islice(filter(None, (self._dossier(one, language, filters) for one in tried)), n))

    def after(self, answer: Answer, filters: Filters) -> tuple[str, ...]:
        """Suggest at most MAX_SUGGESTED questions after an answer.

        They are a timeline of a name in the question, and dossiers of other names in the answer's passages.
        """
        language = answer.language
        asked = _labels([(answer.question, language)], language)
        read = [(hit.passage.text, hit.language) for hit in _cited_first(answer)[:MAX_READ_PASSAGES]]
        others = [label for key, label in _labels(read, language).items() if key not in asked]
        timelines = [] if answer.kind == "timeline" else [(self._timeline, one) for one in asked.values()]
        dossiers = [(self._dossier, one) for one in others[:MAX_TRIED]]
        tried = _in_time([*timelines[:MAX_TIMELINES], *dossiers])
        found = filter(None, (form(label, language, filters) for form, label in tried))
        return tuple(islice(found, MAX_SUGGESTED))

    def added(self, event: Event, filters: Filters) -> Event:
        """Return an event; add suggested questions if it answers a question about the articles."""
        match event:
            case Answered(answer) | Unconfirmed(answer) if answer.kind in ("content", *get_args(BroadForm)):
                with suppress(BylineError):  # the answer stands without
                    return replace(event, answer=replace(answer, offers=self.after(answer, filters)))
        return event

    def _dossier(self, label: str, language: str, filters: Filters) -> str:
        """Return the question for a name's dossier; "" if too little is found."""
        found = self._relevance.find(Subject(label, language), filters)
        articles = {hit.article.id for hit in found.hits}
        enough = len(articles) >= MIN_ARTICLES and len(found.excerpts(found.hits)) >= MIN_SENTENCES
        return render(Message.of("suggested_dossier", name=label), language) if enough else ""

    def _timeline(self, label: str, language: str, filters: Filters) -> str:
        """Return the question for a name's timeline; "" if too few dates are found."""
        found = self._relevance.find(Subject(label, language), filters)
        enough = len(dated(found.excerpts(found.hits))) >= MIN_SENTENCES
        return render(Message.of("suggested_timeline", name=label), language) if enough else ""


def _in_time(items: Iterable[T]) -> Iterator[T]:
    """Yield items until MAX_SECONDS have passed."""
    started = time.monotonic()
    yield from takewhile(lambda _: time.monotonic() - started < MAX_SECONDS, items)


def _cited_first(answer: Answer) -> list[Hit]:
    cited = {n for sentence in answer.sentences for n in sentence.citations}
    order = sorted(range(len(answer.hits)), key=lambda n: n + 1 not in cited)
    return [answer.hits[n] for n in order]


def _labels(texts: Iterable[tuple[str, str]], language: str) -> dict[str, str]:
    """Return the names in texts (text, language) as a language writes them, by key, most frequent first."""
    counts, labels = Counter[str](), dict[str, str]()
    for text, of_text in texts:
        named = dict(_named(text, of_text, language))
        counts.update(named.keys())
        labels = named | labels
    return {key: labels[key] for key, _ in counts.most_common()}


def _named(text: str, of_text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the key of each name in a text, and the name as `language` writes it, if that is known."""
    for name in AnalysedText(text, of_text).names:
        key = min(name.mention.keys) if name.mention else fold(" ".join(name.words))
        if label := _label(name, key, text, of_text, language):
            yield key, label


def _label(name: Name, key: str, text: str, of_text: str, language: str) -> str:
    """Return a name as `language` writes it; "" if that is unknown, or the name is a guess.

    Countries' names are Babel's. Other names are taken from a text in the language, except in Russian, where
    they may be inflected.
    """
    if name.mention:
        country = _countries(language).get(key, "")
        if country or name.mention.implied:
            return country
    sure = name.sure and not name.guessed and not name.opening and (name.mention or len(name.words) > 1)
    return text[name.start : name.end] if sure and of_text == language != "ru" else ""


@cache
def _countries(language: str) -> dict[str, str]:
    """Return the countries' names in a language, by their English ones."""
    english, own = Locale("en").territories, locale_of(language).territories
    return {name: own[code] for code, name in english.items() if code in own and code.isalpha()}
