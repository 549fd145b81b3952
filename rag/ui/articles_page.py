"""The page "Articles": search, filter, sort, open, remove and restore; skipped files; charts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, get_args

import streamlit as st

from rag.dossiers.digest import gist
from rag.library import Library
from rag.locales.message import render
from rag.store.article_list import ArticleQuery, ListedArticle
from rag.store.article_list import Column as Order
from rag.types import ArticleInfo
from rag.ui import (
    article_reader_panel,
    article_table,
    ask_these,
    bar_charts,
    change_job,
    collections_view,
    empty_page,
    filter_form,
    formatting,
    mending_dialog,
    near_articles,
    page_header,
    url_state,
)
from rag.ui.article_table import Column, Pager, TableRow
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

PAGE_SIZE = 50
"""Articles per page of the list. Not fitted."""
_VIEW, _WORDS, _SORT, _PAGE, _ARTICLE = "view", "words", "sort", "page", "article"
_UNDO = "articles-undo"
"""Session key of the articles removed by the last action."""
_VIEWS = ("articles", "collections", "removed", "skipped", "charts")


def page(library: Library, s: Strings) -> None:
    """Draw the view that the address names, by default the list."""
    if not library.removed.count() and empty_page.empty(library, s):
        return
    page_header.draw(s)
    with st.container(key="articles-page"):
        st.markdown(f"## {s.articles.articles_title}")
        if not change_job.draw(s):
            st.session_state.pop(_UNDO, None)
        change_job.draw_unfinished(library, s)
        change_job.draw_outdated(library, s)
        collections_view.draw_result(s)
        view = _view(library, s)
        views = {"removed": _removed, "skipped": _skipped, "charts": bar_charts.draw}
        (views | {"collections": collections_view.draw}).get(view, _list)(library, s)
    collections_view.draw_dialog(library, s)
    mending_dialog.draw(library, s)
    _reader(library, s)


def _view(library: Library, s: Strings) -> str:
    counts = {
        "articles": library.overview().articles,
        "collections": len(library.collections.all()),
        "removed": library.removed.count(),
        "skipped": library.listing.skipped_count(),
    }
    texts = s.articles
    names = (
        texts.view_articles,
        s.collections.title,
        texts.view_removed,
        texts.view_skipped,
        texts.view_charts,
    )
    named = zip(_VIEWS, names, strict=True)
    labels = {v: f"{n} · {formatting.number(counts[v], s)}" if v in counts else n for v, n in named}
    now = url_state.value(_VIEW)
    st.session_state["articles-view"] = now if now in _VIEWS else "articles"
    shown = st.segmented_control(
        s.articles.view,
        [view for view in _VIEWS if library.may_edit or view not in ("removed", "skipped")],
        key="articles-view",
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=lambda: _change_list(_VIEW, st.session_state["articles-view"]),
    )
    return str(shown)


def _list(library: Library, s: Strings) -> None:
    with st.container(key="articles-search", horizontal=True, vertical_alignment="bottom"):
        st.session_state["articles-words"] = url_state.value(_WORDS)
        st.text_input(
            s.articles.search_articles,
            key="articles-words",
            placeholder=s.articles.search_articles_more,
            on_change=lambda: _change_list(_WORDS, st.session_state["articles-words"].strip()),
        )
        filter_form.draw(library, "articles", s)
    query = _query()
    pager = Pager(_number(url_state.value(_PAGE)), PAGE_SIZE, library.listing.count(query))
    pager = Pager(min(pager.page, pager.pages), PAGE_SIZE, pager.count)
    rows = library.listing.page(query, PAGE_SIZE, (pager.page - 1) * PAGE_SIZE)
    st.caption(plain(s.holdings.articles.format(pager.count)))
    removed = st.session_state.get(_UNDO, [])
    article_table.mount(
        "articles",
        s.articles.articles_title,
        _columns(query, s),
        [_row(row, library, s) for row in rows],
        s,
        empty=s.articles.no_such_articles if library.overview().articles else s.articles.none_left,
        pager=pager,
        scope=f"{query.words} {query.filters}",
        actions={"ask": s.articles.ask_these} | (_changes(query, s) if library.may_edit else {}),
        undo=s.articles.taken_out.format(len(removed)) if removed else "",
        on_act=lambda action: _act(library, action),
    )
    if pager.pages == 1:
        near_articles.draw(library, query, {r.article.id for r in rows}, s, partial(_act, library))


def _changes(query: ArticleQuery, s: Strings) -> dict[str, str]:
    """Return the actions that change articles: name to text."""
    collecting = collections_view.actions(query.filters, s)
    return collecting | {"mend": s.mending.mend, "remove": s.articles.take_out}


def _query() -> ArticleQuery:
    """Read the query from the address; "-added" sorts by `added` in descending order."""
    sort = url_state.value(_SORT)
    name = sort.removeprefix("-")
    order: Order = name if name in get_args(Order) else "added"  # type: ignore[assignment]
    return ArticleQuery(
        words=url_state.value(_WORDS),
        filters=filter_form.chosen(),
        order=order,
        descending=sort.startswith("-") or order != name,
    )


def _columns(query: ArticleQuery, s: Strings) -> list[Column]:
    names: dict[Order, str] = {
        "title": s.articles.title,
        "outlet": s.articles.outlet,
        "language": s.filters.language_label,
        "published": s.articles.published,
        "passages": s.articles.passages,
        "added": s.articles.added,
    }
    direction = "descending" if query.descending else "ascending"
    return [
        Column(
            key=key,
            text=text,
            sorted=direction if key == query.order else "",  # type: ignore[arg-type]
            kind={"title": "title", "outlet": "text", "passages": "number"}.get(key, "brief"),  # type: ignore[arg-type]
            opens=key == "title",
            foreign=key == "title",
        )
        for key, text in names.items()
    ]


def _row(listed: ListedArticle, library: Library, s: Strings) -> TableRow:
    info = listed.article
    article = library.article(info.id)
    cells = [
        *_name_cells(info, s, listed.copies),
        formatting.short_day(info.published, s) if info.published else "",
        formatting.number(listed.passages, s),
        formatting.short_day(listed.added.date(), s),
    ]
    return TableRow(info.id, cells[0], cells, info.language, note=gist(article) if article else "")


def _name_cells(info: ArticleInfo, s: Strings, copies: Sequence[ArticleInfo] = ()) -> list[str]:
    outlets = dict.fromkeys(map(formatting.outlet, (info, *copies)))
    return [
        info.title or s.drawer.untitled,
        formatting.listed([*outlets], s),
        formatting.language(info.language, s),
    ]


def _act(library: Library, action: dict[str, Any]) -> None:
    match action:
        case {"do": "sort", "by": str(by)}:
            query = _query()
            descending = (
                not query.descending if query.order == by else by in {"published", "passages", "added"}
            )
            _change_list(_SORT, ("-" if descending else "") + by)
        case {"do": "page", "to": int(to)}:
            url_state.set_parameter(_PAGE, [str(to)] if to > 1 else [])
        case {"do": "open", "id": str(id)}:
            url_state.set_parameter(_ARTICLE, [id])
        case {"do": "ask", "ids": list(ids)}:
            ask_these.begin(ids)
        case {"do": "remove", "ids": list(ids)}:
            chosen = [str(id) for id in ids]
            if change_job.begin(partial(library.intake.take_out, chosen)):
                st.session_state[_UNDO] = chosen
        case {"do": "undo"}:
            change_job.begin(partial(library.intake.put_back, st.session_state.pop(_UNDO, [])))
        case {"do": "back", "ids": list(ids)}:
            st.session_state.pop(_UNDO, None)
            change_job.begin(partial(library.intake.put_back, [str(id) for id in ids]))
        case {"do": "forget", "ids": list(ids)}:
            library.removed.drop([str(id) for id in ids])
        case _:
            collections_view.act(library, action)
            mending_dialog.act(action)


def _change_list(name: str, to: str) -> None:
    """Change a parameter of the list and return to its first page."""
    url_state.set_parameter(name, [to] if to else [])
    url_state.set_parameter(_PAGE, [])
    st.session_state.pop(_UNDO, None)


# --- the other views


def _removed(library: Library, s: Strings) -> None:
    st.caption(plain(s.articles.removed_more))
    pager = _pager(library.removed.count())
    columns = [
        Column(key="title", text=s.articles.title, kind="title", foreign=True),
        Column(key="outlet", text=s.articles.outlet),
        Column(key="language", text=s.filters.language_label, kind="brief"),
        Column(key="removed", text=s.articles.removed_on, kind="brief"),
    ]
    rows = []
    for entry in library.removed.page(PAGE_SIZE, (pager.page - 1) * PAGE_SIZE):
        cells = [*_name_cells(entry.article, s), formatting.short_day(entry.when.date(), s)]
        rows.append(TableRow(entry.article.id, cells[0], cells, entry.article.language))
    article_table.mount(
        "removed",
        s.articles.view_removed,
        columns,
        rows,
        s,
        empty=s.articles.nothing_removed,
        pager=pager,
        actions={"back": s.articles.put_back, "forget": s.articles.forget},
        on_act=lambda action: _act(library, action),
    )


def _skipped(library: Library, s: Strings) -> None:
    st.caption(plain(s.articles.skipped_more))
    pager = _pager(library.listing.skipped_count())
    columns = [
        Column(key="source", text=s.articles.file),
        Column(key="reason", text=s.articles.reason),
        Column(key="since", text=s.articles.since_when, kind="brief"),
    ]
    rows = [
        TableRow(
            one.source,
            one.source,
            [one.source, render(one.reason, s.language), formatting.short_day(since.date(), s)],
        )
        for one, since in library.listing.skipped(PAGE_SIZE, (pager.page - 1) * PAGE_SIZE)
    ]
    article_table.mount(
        "skipped",
        s.articles.view_skipped,
        columns,
        rows,
        s,
        empty=s.articles.nothing_skipped,
        pager=pager,
        on_act=lambda action: _act(library, action),
    )


def _pager(count: int) -> Pager:
    pager = Pager(_number(url_state.value(_PAGE)), PAGE_SIZE, count)
    return Pager(min(pager.page, pager.pages), PAGE_SIZE, count)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) else 1


def _reader(library: Library, s: Strings) -> None:
    """Show the article that the address names in the drawer."""
    id = url_state.value(_ARTICLE)
    article = library.article(id) if id else None
    article_reader_panel.draw(library, article, lambda: url_state.set_parameter(_ARTICLE, []), s)
