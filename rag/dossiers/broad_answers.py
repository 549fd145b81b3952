"""Answers to broad questions without a model: sentences quoted in groups, or in the order of their dates."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rag.dossiers.broad_questions import Form, broad_question
from rag.dossiers.dating import EventDate, event_date
from rag.dossiers.excerpts import Excerpt, excerpts
from rag.dossiers.grouping import grouped
from rag.dossiers.relevance import Relevance, held_under_title
from rag.dossiers.subject import Subject
from rag.dossiers.wording import heading, heading_of_others, item, lead, note_on_dates
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Answer, Filters, Hit, Quote, Sentence, Timings

MIN_ENTRIES = 2
"""Entries of a timeline below which a dossier is given instead. Not fitted."""
MIN_PER_ARTICLE, MIN_WANTED = 2, 12
"""Sentences of one article in a dossier: so many, more where few articles would give fewer than MIN_WANTED.
Not fitted."""
MAX_QUOTES = 24
"""Sentences in a dossier. Not fitted."""
MAX_ENTRIES = 40
"""Entries of a timeline. Not fitted."""
MIN_SENTENCE_SHARE = 0.35
"""Share of the best sentence's cosine from which others are quoted. Set on 8 subjects of the samples."""
MIN_DATED_SHARE = 0.25
"""The same of a timeline. Set on the same."""
MIN_SAME_EVENT_COSINE = 0.5
"""Cosine from which two sentences of one day tell the same event. Set on the same."""


class BroadAnswers:
    """Answers broad questions from the articles' own sentences."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._relevance, self._retriever = Relevance(store, retriever), retriever

    def answer(
        self, question: str, language: str, filters: Filters = Filters(), form: Form | None = None
    ) -> Answer | None:
        """Answer a broad question in the form that it asks for, or in `form`.

        None where it is not broad, or too little is found.
        """
        started = time.perf_counter()
        asked = broad_question(question, language)
        if not (asked or form):
            return None
        wanted, subject = form or asked.form, asked.subject if asked else question  # type: ignore[union-attr]
        found = self._excerpts(Subject(subject, language), filters)
        page = _Page(language)
        if wanted == "timeline":
            _write_timeline(page, found)
        if len(page.sentences) < MIN_ENTRIES:  # without dates, a dossier
            wanted, page = "dossier", _Page(language)
            _write_dossier(page, found, subject)
        if not page.sentences:
            return None
        seconds = time.perf_counter() - started
        return page.answer(question, wanted, subject, Timings(total_ms=seconds * 1000))

    def _excerpts(self, subject: Subject, filters: Filters) -> list[Excerpt]:
        """The sentences about a subject; items of a list only where they, or the title, name it."""
        hits, telling = self._relevance.passages(subject, filters)
        found = excerpts(subject.text, subject.language, hits, self._retriever)
        return [
            one
            for one in found
            if not (telling and one.is_item) or telling & held_under_title(subject, one.hit.article, one.text)
        ]


@dataclass
class _Page:
    """An answer while it is written: its lines, and what they quote."""

    language: str
    lines: list[str] = field(default_factory=list)
    hits: dict[tuple[str, int], Hit] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)

    def quote(self, excerpt: Excerpt, others: Sequence[Excerpt] = (), when: EventDate | None = None) -> None:
        """Add a quotation, with its date in a timeline; `others` tell the same and are cited too."""
        numbers = tuple(dict.fromkeys(self._number(one) for one in (excerpt, *others)))
        self.lines.append("- " + item(excerpt, numbers, when, self.language))
        self.sentences.append(Sentence(excerpt.text, numbers, "supported"))

    def answer(self, question: str, form: Form, subject: str, timings: Timings) -> Answer:
        """The answer: a line that says what follows, and all that was added."""
        articles = len({hit.article.id for hit in self.hits.values()})
        first = lead(form, subject, len(self.sentences), articles, self.language)
        return Answer(
            question=question,
            language=self.language,
            text="\n".join([first, *self.lines]),
            outcome="answered",
            kind=form,
            hits=tuple(self.hits.values()),
            sentences=tuple(self.sentences),
            quotes=tuple(self.quotes),
            model="",
            timings=timings,
        )

    def _number(self, excerpt: Excerpt) -> int:
        """The citation number of an excerpt's passage; the excerpt becomes a quote of the answer."""
        key = excerpt.hit.passage.article_id, excerpt.hit.passage.ordinal
        self.hits.setdefault(key, excerpt.hit)
        n = list(self.hits).index(key) + 1
        self.quotes.append(Quote(n, excerpt.start, excerpt.end, excerpt.near))
        return n


def _write_dossier(page: _Page, found: Sequence[Excerpt], subject: str) -> None:
    chosen = _spread(found)
    for group in grouped(chosen, subject, page.language):
        if group.heading:
            page.lines.append(heading(group.heading))
        elif page.lines:
            page.lines.append(heading_of_others(page.language))
        for excerpt in sorted(group.excerpts, key=_newest):
            page.quote(excerpt)


def _newest(excerpt: Excerpt) -> tuple[int, float]:
    published = excerpt.hit.article.published
    return -(published.toordinal() if published else 0), -excerpt.near


def _spread(found: Sequence[Excerpt]) -> list[Excerpt]:
    """The nearest sentences, evenly from the articles."""
    ordered = sorted(found, key=lambda one: -one.near)
    articles = {one.hit.article.id for one in found}
    most = max(MIN_PER_ARTICLE, MIN_WANTED // max(len(articles), 1))
    taken: dict[str, list[Excerpt]] = {}
    for excerpt in (one for one in ordered if one.near >= MIN_SENTENCE_SHARE * ordered[0].near):
        of_article = taken.setdefault(excerpt.hit.article.id, [])
        if len(of_article) < most:
            of_article.append(excerpt)
    return sorted((one for row in taken.values() for one in row), key=lambda one: -one.near)[:MAX_QUOTES]


def _write_timeline(page: _Page, found: Sequence[Excerpt]) -> None:
    nearest_cosine = max((one.near for one in found), default=0.0)
    near = (one for one in found if one.near >= MIN_DATED_SHARE * nearest_cosine)
    dated = [(when, one) for one in near if (when := _when(one))]
    nearest = sorted(dated, key=lambda pair: -pair[1].near)[:MAX_ENTRIES]
    if any(when.inferred for when, _ in nearest):
        page.lines.append(note_on_dates(page.language))
    for when, same in _events(sorted(nearest, key=lambda pair: (pair[0], -pair[1].near))):
        page.quote(same[0], same[1:], when)


def _when(excerpt: Excerpt) -> EventDate | None:
    return event_date(excerpt.text, excerpt.hit.language, excerpt.hit.article.published)


def _events(dated: Iterable[tuple[EventDate, Excerpt]]) -> list[tuple[EventDate, list[Excerpt]]]:
    """Join sentences of one day that tell the same event."""
    events: list[tuple[EventDate, list[Excerpt]]] = []
    for when, excerpt in dated:
        for known, same in events:
            day = (known.year, known.month, known.day) == (when.year, when.month, when.day) and known.day
            if day and float(same[0].vector @ excerpt.vector) >= MIN_SAME_EVENT_COSINE:
                same.append(excerpt)
                break
        else:
            events.append((when, [excerpt]))
    return events
