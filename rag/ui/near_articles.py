"""Articles found by meaning, in any language, below those that contain the words of a search."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import streamlit as st

from rag.library import Library
from rag.store.article_list import ArticleQuery
from rag.types import ArticleInfo
from rag.ui import article_table, drawer, formatting
from rag.ui.article_table import Column, TableRow
from rag.ui.strings import Strings

MAX_PASSAGES = 30
"""Number of passages to retrieve. Not fitted."""
MAX_NEAR = 8
"""Maximum number of articles listed. Not fitted."""
_FOUND = "articles-near"
"""Session key of the last search and its results, so that sorting and opening do not search again."""


def draw(
    library: Library,
    query: ArticleQuery,
    listed: Collection[str],
    s: Strings,
    on_act: Callable[[dict[str, Any]], None],
) -> None:
    """List the articles that are similar in meaning to a query's words; `listed` are ids to leave out."""
    if not query.words.strip():
        return
    near = [article for article in _search(library, query) if article.id not in listed][:MAX_NEAR]
    if near:
        st.caption(s.articles.near)
        mount("near", s.articles.near, near, s, on_act, actions={"ask": s.articles.ask_these})


def _search(library: Library, query: ArticleQuery) -> list[ArticleInfo]:
    """Return the articles of passages that are related to the words, most similar first."""
    key = (query.words, query.filters, library.overview())
    known = st.session_state.get(_FOUND)
    if known is None or known[0] != key:
        hits = library.search(query.words, MAX_PASSAGES, query.filters)
        near = {hit.article.id: hit.article for hit in hits if hit.score >= drawer.RELATED}
        st.session_state[_FOUND] = known = (key, list(near.values()))
    return list(known[1])


def mount(
    key: str,
    label: str,
    articles: Sequence[ArticleInfo],
    s: Strings,
    on_act: Callable[[dict[str, Any]], None],
    actions: dict[str, str] | None = None,
) -> None:
    """Draw a table of articles: title, outlet, language and date; a title opens the article."""
    columns = [
        Column(key="title", text=s.articles.title, kind="title", opens=True, foreign=True),
        Column(key="outlet", text=s.articles.outlet),
        Column(key="language", text=s.filters.language_label, kind="brief"),
        Column(key="published", text=s.articles.published, kind="brief"),
    ]
    rows = [_row(article, s) for article in articles]
    article_table.mount(key, label, columns, rows, s, empty="", actions=actions, on_act=on_act)


def _row(article: ArticleInfo, s: Strings) -> TableRow:
    title = article.title or s.drawer.untitled
    published = formatting.short_day(article.published, s) if article.published else s.adding.undated
    cells = [title, formatting.outlet(article), formatting.language(article.language, s), published]
    return TableRow(article.id, title, cells, article.language)
