"""The report of an ingestion, below the form of the page "Add articles"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from rag.ingestion.report import Report, Shortened
from rag.library import Library
from rag.locales.message import render
from rag.text.splitter import MAX_PASSAGES
from rag.types import Article, Skipped
from rag.ui import article_reader_panel, filter_form, formatting, near_articles, page_header, site_pages
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

MAX_LISTED = 50
"""Articles, skipped files and shortened articles listed; the others are counted. Not fitted."""
_OPEN = "adding-open"
"""Session key of the article shown in the drawer."""


def draw(library: Library, report: Report, s: Strings) -> None:
    """Draw the counts, the articles, and what was skipped or shortened, with the reasons."""
    with st.container(key="adding-report"):
        st.markdown(plain(summary(report, s)))
        articles = [each for id in report.articles[:MAX_LISTED] if (each := library.article(id))]
        if articles:
            _list_articles(articles, s)
        if report.skipped:
            st.html(page_header.table(s.adding.skipped_why, reasons(report.skipped[:MAX_LISTED], s)))
        _list_shares(s.adding.shortened_why, report.shortened, s)
        limit = formatting.number(MAX_PASSAGES, s)
        _list_shares(s.adding.overlong_why.format(limit=limit), report.overlong, s)
    id = st.session_state.get(_OPEN)
    article = library.article(id) if id else None
    article_reader_panel.draw(library, article, lambda: st.session_state.pop(_OPEN, None), s)


def summary(report: Report, s: Strings) -> str:
    """Summarise a report in a line, without zero counts."""
    counts = (
        (s.adding.report_added, report.added),
        (s.adding.report_updated, report.updated),
        (s.adding.report_unchanged, report.unchanged),
        (s.adding.report_removed, report.removed),
        (s.adding.report_skipped, len(report.skipped)),
        (s.adding.report_shortened, len(report.shortened)),
        (s.adding.report_overlong, len(report.overlong)),
    )
    parts = [text.format(n) for text, n in counts if n] or [s.adding.report_nothing]
    return " · ".join([*parts, *[s.adding.report_stopped] * report.stopped])


def reasons(skipped: Sequence[Skipped], s: Strings) -> dict[str, str]:
    """Return the reason for each file or address that was skipped."""
    return {one.source: render(one.reason, s.language) for one in skipped}


def _list_articles(articles: Sequence[Article], s: Strings) -> None:
    """List articles, with a link to a question about them."""
    near_articles.mount("added", s.adding.added, articles, s, _act)
    site_pages.link(
        "ask", s.adding.ask, ":material/forum:", {filter_form.AMONG: [each.id for each in articles]}
    )


def _act(action: dict[str, Any]) -> None:
    match action:
        case {"do": "open", "id": str(id)}:
            st.session_state[_OPEN] = id


def _list_shares(title: str, articles: Sequence[Shortened], s: Strings) -> None:
    """List articles with the share of each that is missing."""
    if articles:
        rows = {one.title or one.source: formatting.percent(one.share, s) for one in articles[:MAX_LISTED]}
        st.html(page_header.table(title, rows))
