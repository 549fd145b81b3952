"""Answers to broad questions without a model: sentences quoted in groups, or in the order of their dates."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.dossiers.broad_questions import BroadQuestion, Form, broad_question
from rag.dossiers.dating import EventDate
from rag.dossiers.excerpts import Excerpt, quotable, scored
from rag.dossiers.grouping import MIN_WANTED, chosen, grouped
from rag.dossiers.relevance import Found, Relevance
from rag.dossiers.subject import Subject
from rag.dossiers.timeline import dated, entries
from rag.dossiers.wording import heading, heading_of_others, item, lead, note_on_dates
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Answer, Filters, Hit, Quote, Sentence, Timings

MIN_ENTRIES = 2
"""Entries of a timeline below which a dossier is given instead. Not fitted."""


class BroadAnswers:
    """Answers broad questions from the articles' own sentences."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._relevance, self._retriever = Relevance(store, retriever), retriever

    def answer(
        self, question: str, language: str, filters: Filters = Filters(), form: Form | None = None
    ) -> Answer | None:
        """Answer a broad question in the form that it asks for, or in `form`.

        None where it is not broad, or nothing is found.
        """
        started = time.perf_counter()
        asked = broad_question(question, language)
        if form:
            asked = BroadQuestion(form, asked.subject if asked else question)
        if asked is None:
            return None
        wanted, subject = asked.form, asked.subject
        found = self._relevance.find(Subject(subject, language), filters)
        page = _Page(language)
        if wanted == "timeline":
            self._write_timeline(page, found)
        if len(page.sentences) < MIN_ENTRIES:
            wanted, page = "dossier", _Page(language)
            self._write_dossier(page, found)
        seconds = time.perf_counter() - started
        timings = Timings(total_ms=seconds * 1000)
        return page.answer(question, wanted, subject, timings) if page.sentences else None

    def _write_dossier(self, page: _Page, found: Found) -> None:
        read = scored(_of_dossier(found), found.subject, self._retriever)
        for group in grouped(chosen(read), found.subject):
            if group.heading:
                page.lines.append(heading(group.heading))
            elif page.lines:
                page.lines.append(heading_of_others(page.language))
            for excerpt in group.excerpts:
                page.quote(excerpt)

    def _write_timeline(self, page: _Page, found: Found) -> None:
        near, others = dated(quotable(found.hits)), dated(quotable(found.others))
        dates = near | others
        read = entries(scored(list(dates), found.subject, self._retriever), dates, near)
        if any(entry.when.inferred for entry in read):
            page.lines.append(note_on_dates(page.language))
        for entry in read:
            page.quote(entry.excerpts[0], entry.excerpts[1:], entry.when)


def _of_dossier(found: Found) -> list[Excerpt]:
    """The sentences of the nearest passages; where these are few, of the articles' other ones, too."""
    near = quotable(found.hits)
    return near if len(near) >= MIN_WANTED else quotable((*found.hits, *found.others))


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
        self.quotes.append(Quote(n, excerpt.start, excerpt.end, excerpt.hit.near))
        return n
