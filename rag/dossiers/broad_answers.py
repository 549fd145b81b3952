"""Answer broad questions without a model, by quoting sentences in groups, by date, or side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from rag.answering.citations import unmarked
from rag.dossiers.broad_questions import MAX_COMPARED, BroadQuestion, Classify, broad_question
from rag.dossiers.chosen_articles import ChosenArticles
from rag.dossiers.comparison_rows import compared_rows
from rag.dossiers.grouping import chosen, grouped
from rag.dossiers.matching_lists import MatchingLists
from rag.dossiers.quotable_spans import QuotableSpan, ScoredSpan, scored
from rag.dossiers.quoted_page import QuotedPage
from rag.dossiers.relevance import MIN_COSINE, Relevance, RelevantPassages
from rag.dossiers.same_facts import distinct
from rag.dossiers.subject import Subject
from rag.dossiers.timeline import dated, entries
from rag.dossiers.wording import (
    heading,
    heading_of_alone,
    heading_of_others,
    heading_of_shared,
    heading_of_unsure,
    note_on_dates,
    table_row,
)
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Answer, BroadForm, Filters, Timings

MIN_ENTRIES = 2
"""Minimum number of entries of a timeline, or of subjects of a comparison that have a sentence; with fewer,
the answer is a dossier. Not fitted."""


MIN_SURE_NEAR = 0.22
"""Similarity below which a sentence of a dossier comes last, under a heading that says so. On 26 subjects
that had no part in the choice, 196 of 271 sentences above are on the subject, and 30 of 94 below."""


class BroadAnswers:
    """Answers broad questions from the articles' own sentences."""

    def __init__(self, store: Store, retriever: Retriever, classify: Classify | None = None) -> None:
        self._classify = classify
        self._relevance, self._lists = Relevance(store, retriever), MatchingLists(store, retriever)
        self._retriever, self._chosen = retriever, ChosenArticles(store)

    def answer(
        self, question: str, language: str, filters: Filters = Filters(), form: BroadForm | None = None
    ) -> Answer | None:
        """Answer a broad question in the form that it asks for, or in `form`.

        Returns None if the question is not broad, or nothing is found.
        """
        if form in (None, "dossier") and (of_chosen := self._chosen.answer(question, language, filters)):
            return of_chosen
        started = time.perf_counter()
        asked = broad_question(question, language, self._classify)
        if form and not (asked and asked.form == form):
            asked = BroadQuestion(form, asked.subject if asked else question)
        if asked is None:
            return None
        written, page = self._written(asked, QuotedPage(language), filters)
        if asked.form == "list" and written != asked.form and not form:
            return None  # the model answers if no article has such a list
        timings = Timings(total_ms=(time.perf_counter() - started) * 1000)
        return page.answer(question, written, asked.subject, timings) if page.sentences else None

    def _written(
        self, asked: BroadQuestion, page: QuotedPage, filters: Filters
    ) -> tuple[BroadForm, QuotedPage]:
        """Write the requested form, or a dossier if there is too little for it."""

        def find(subject: str) -> RelevantPassages:
            return self._relevance.find(Subject(subject, page.language), filters)

        if asked.form == "comparison" and self._write_comparison(page, asked, find):
            return "comparison", page
        if asked.form == "list" and self._write_lists(page, asked.subject, filters):
            return "list", page
        if asked.compared:
            page = QuotedPage(page.language)
            for subject in asked.compared:
                self._write_dossier(page, find(subject), subject)
            return "dossier", page
        found = find(asked.subject)
        if asked.form == "timeline" and self._write_timeline(page, found):
            return "timeline", page
        page = QuotedPage(page.language)
        self._write_dossier(page, found)
        return "dossier", page

    def _write_dossier(self, page: QuotedPage, found: RelevantPassages, title: str = "") -> None:
        """Write what is found, in groups; under one title if it is given."""
        told = distinct(chosen(self._scored(_quotable(found), found)), page.language)
        same = {one.excerpt: others for one, others in told.items()}
        if title:
            page.lines += [heading(title)] * bool(told)
            for one in told:
                page.quote(one.excerpt, same[one.excerpt])
            return
        for group in grouped([one for one in told if one.near >= MIN_SURE_NEAR], found.subject):
            if group.heading:
                page.lines.append(heading(group.heading))
            elif page.lines:
                page.lines.append(heading_of_others(page.language))
            for excerpt in group.excerpts:
                page.quote(excerpt, same[excerpt])
        unsure = [one.excerpt for one in told if one.near < MIN_SURE_NEAR]
        page.lines += [heading_of_unsure(page.language)] * bool(unsure)
        for excerpt in unsure:
            page.quote(excerpt, same[excerpt])

    def _write_lists(self, page: QuotedPage, question: str, filters: Filters) -> bool:
        """Write the enumerations that a question asks for; return False if there are none."""
        found = self._lists.find(question, page.language, filters)
        for one in found:
            page.list(one.introduction, one.items)
        return bool(found)

    def _write_comparison(
        self, page: QuotedPage, asked: BroadQuestion, find: Callable[[str], RelevantPassages]
    ) -> bool:
        """Write a comparison; return False if fewer than MIN_ENTRIES subjects have a sentence."""
        subjects = self._subjects(asked, find)
        if sum(map(bool, subjects.values())) < MIN_ENTRIES:
            return False
        compared = compared_rows(list(subjects.values()))
        if compared.rows:
            page.lines.append(table_row(map(unmarked, subjects)))
        for row in compared.rows:
            page.row(row)
        if compared.rows and any(compared.unpaired):
            page.lines.append(heading_of_alone(page.language))
        for label, excerpts in zip(subjects, compared.unpaired, strict=True):
            for excerpt in excerpts:
                page.labelled(label, excerpt)
        if compared.shared:
            page.lines.append(heading_of_shared(page.language))
        for excerpt in compared.shared:
            page.quote(excerpt)
        return True

    def _subjects(
        self, asked: BroadQuestion, find: Callable[[str], RelevantPassages]
    ) -> dict[str, list[ScoredSpan]]:
        """Return the sentences of each compared subject, or of each article if the question names none."""
        if asked.compared:
            found = {subject: find(subject) for subject in asked.compared}
            return {subject: self._scored(_of_compared(one), one) for subject, one in found.items()}
        on_all = find(asked.subject)
        by_title: dict[str, list[ScoredSpan]] = {}
        for one in self._scored(_sentences(on_all), on_all):
            by_title.setdefault(one.excerpt.hit.article.title, []).append(one)
        return dict(list(by_title.items())[:MAX_COMPARED])

    def _write_timeline(self, page: QuotedPage, found: RelevantPassages) -> bool:
        """Write a timeline; return False if it has fewer than MIN_ENTRIES entries."""
        dates = dated(_quotable(found))
        read = entries(self._scored(dates, found), dates, page.language)
        if any(entry.when.inferred for entry in read):
            page.lines.append(note_on_dates(page.language))
        for entry in read:
            page.quote(entry.excerpts[0], entry.excerpts[1:], entry.when)
        return len(read) >= MIN_ENTRIES

    def _scored(self, excerpts: Iterable[QuotableSpan], found: RelevantPassages) -> list[ScoredSpan]:
        return scored(list(excerpts), found.searched, self._retriever)


def _of_compared(found: RelevantPassages) -> list[QuotableSpan]:
    """Return the sentences on a subject; [] if the gazetteer has none of its names and no passage is near."""
    near = found.subject.is_known or max((hit.near for hit in found.hits), default=0.0) >= MIN_COSINE
    return _sentences(found) if near else []


def _sentences(found: RelevantPassages) -> list[QuotableSpan]:
    """Return the complete sentences: a list item cannot be compared on its own."""
    return [one for one in _quotable(found) if one.is_sentence]


def _quotable(found: RelevantPassages) -> list[QuotableSpan]:
    return found.excerpts((*found.hits, *found.others))
