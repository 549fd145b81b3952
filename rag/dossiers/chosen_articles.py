"""Answer the question what chosen articles are about, without a model, by quoting how each begins."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from functools import cache
from importlib.resources import files

from rag.dossiers.broad_questions import ENDS, normalised
from rag.dossiers.quotable_spans import QuotableSpan, quotable_spans
from rag.dossiers.quoted_page import QuotedPage
from rag.dossiers.wording import heading, lead_of_beginnings, note_on_more
from rag.store.article_list import ArticleQuery
from rag.store.store import Store
from rag.types import Answer, Filters, Hit, Timings

MAX_ARTICLES, MAX_QUOTATIONS = 12, 12
"""Maximum number of articles quoted, the newest ones, and of quotations in total. Not fitted."""
MAX_ARTICLE_QUOTATIONS = 5
"""Maximum number of quotations of an article. Not fitted."""


class ChosenArticles:
    """Quotes the beginnings of chosen articles, where news reports state what matters most."""

    def __init__(self, store: Store) -> None:
        self._listing, self._ledger = store.listing, store.ledger

    def answer(self, question: str, language: str, filters: Filters) -> Answer | None:
        """Answer a question that asks what the chosen articles are about; None for any other."""
        started = time.perf_counter()
        if not (filters.articles or filters.collections) or not asks_what_they_say(question, language):
            return None
        query, page = ArticleQuery(filters=filters, order="published"), QuotedPage(language)
        listed = self._listing.page(query, MAX_ARTICLES)
        for one in listed:
            self._write(
                page, one.article.id, max(1, min(MAX_ARTICLE_QUOTATIONS, MAX_QUOTATIONS // len(listed)))
            )
        if not page.sentences:
            return None
        if more := self._listing.count(query) - len(listed):
            page.lines.append(note_on_more(more, language))
        timings = Timings(total_ms=(time.perf_counter() - started) * 1000)
        first = lead_of_beginnings(len(page.sentences), len(listed), language)
        answer = page.answer(question, "dossier", question, timings)
        return replace(answer, text="\n".join([first, *page.lines]))

    def _write(self, page: QuotedPage, article_id: str, quotations: int) -> None:
        excerpts = self._beginning(article_id)[:quotations]
        if excerpts:
            page.lines.append(heading(excerpts[0].hit.article.title))
        for excerpt in excerpts:
            page.quote(excerpt)

    def _beginning(self, article_id: str) -> list[QuotableSpan]:
        """Return the complete sentences of an article's first passages, or else all quotable spans."""
        stored = self._ledger.passages_of([article_id])[:MAX_ARTICLE_QUOTATIONS]
        found = quotable_spans(Hit(one.passage, one.article, score=0.0) for one in stored)
        return [one for one in found if one.is_sentence] or found


def asks_what_they_say(question: str, language: str) -> bool:
    """Tell whether a question in a language (ISO 639-1) only asks what the chosen articles say."""
    text = normalised(question).strip(ENDS)
    return any(pattern.fullmatch(text) for pattern in _patterns().get(language, ()))


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    rows = json.loads((files("rag.dossiers") / "chosen_articles.json").read_text("utf-8"))
    return {code: [_pattern(one, row["object"]) for one in row["questions"]] for code, row in rows.items()}


def _pattern(question: str, articles: str) -> re.Pattern[str]:
    return re.compile(question.replace("{object}", f"(?:{articles})"), re.IGNORECASE)
