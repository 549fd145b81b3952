"""The page of all articles: search, filter, sort, open, take out and put back; what was skipped; charts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, get_args

import streamlit as st

from rag.documents import ArticleInfo
from rag.library import Library
from rag.store.listing import Column as Order
from rag.store.listing import Listed, Query
from rag.ui import address, changing, charts, filtering, masthead, messages, reader, table, wording
from rag.ui.escaping import plain
from rag.ui.strings import Strings
from rag.ui.table import Column, Pager, Row

SIZE = 50
"""Articles on a page of the list."""
MOST = 12
"""Outlets in the chart."""
_VIEW, _WORDS, _SORT, _PAGE, _ARTICLE = "view", "words", "sort", "page", "article"
_UNDO = "articles-undo"
"""In the session: the articles that were taken out last."""
_VIEWS = ("articles", "removed", "skipped", "charts")


def page(library: Library, s: Strings) -> None:
    """Draw the page: the list, or one of the other three views that the address names."""
    masthead.draw(s)
    with st.container(key="articles-page"):
        st.markdown(f"## {s.articles_title}")
        if not changing.draw(s):
            st.session_state.pop(_UNDO, None)
        changing.unfinished(library, s)
        view = _view(library, s)
        {"removed": _removed, "skipped": _skipped, "charts": _charts}.get(view, _list)(library, s)
    _reader(library, s)


def _view(library: Library, s: Strings) -> str:
    counts = {
        "articles": library.overview().articles,
        "removed": library.removed.count(),
        "skipped": library.listing.skipped_count(),
    }
    names = dict(zip(_VIEWS, (s.view_articles, s.view_removed, s.view_skipped, s.view_charts), strict=True))
    labels = {v: f"{n} · {wording.number(counts[v], s)}" if v in counts else n for v, n in names.items()}
    now = address.value(_VIEW)
    st.session_state["articles-view"] = now if now in _VIEWS else "articles"
    shown = st.segmented_control(
        s.view,
        _VIEWS,
        key="articles-view",
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=lambda: _turn(_VIEW, st.session_state["articles-view"]),
    )
    return str(shown)


# --- the list


def _list(library: Library, s: Strings) -> None:
    with st.container(key="articles-search", horizontal=True, vertical_alignment="bottom"):
        st.session_state["articles-words"] = address.value(_WORDS)
        st.text_input(
            s.search_articles,
            key="articles-words",
            placeholder=s.search_articles_more,
            on_change=lambda: _turn(_WORDS, st.session_state["articles-words"].strip()),
        )
        filtering.draw(library, "articles", s)
    query = _query()
    pager = Pager(_number(address.value(_PAGE)), SIZE, library.listing.count(query))
    pager = Pager(min(pager.page, pager.pages), SIZE, pager.count)
    rows = library.listing.page(query, SIZE, (pager.page - 1) * SIZE)
    st.caption(plain(s.articles.format(pager.count)))
    taken = st.session_state.get(_UNDO, [])
    table.mount(
        "articles",
        s.articles_title,
        _columns(query, s),
        [_row(row, s) for row in rows],
        s,
        empty=s.no_such_articles,
        pager=pager,
        actions={"remove": s.take_out},
        undo=s.taken_out.format(len(taken)) if taken else "",
        on_act=lambda asked: _act(library, asked),
    )


def _query() -> Query:
    """What the address asks for: "-added" sorts by `added`, the last first."""
    sort = address.value(_SORT)
    name = sort.removeprefix("-")
    order: Order = name if name in get_args(Order) else "added"  # type: ignore[assignment]
    return Query(
        words=address.value(_WORDS),
        filters=filtering.chosen(),
        order=order,
        descending=sort.startswith("-") or order != name,
    )


def _columns(query: Query, s: Strings) -> list[Column]:
    names: dict[Order, str] = {
        "title": s.title,
        "outlet": s.outlet,
        "language": s.language_label,
        "published": s.published,
        "passages": s.passages,
        "added": s.added,
    }
    way = "descending" if query.descending else "ascending"
    return [
        Column(
            key=key,
            text=text,
            sorted=way if key == query.order else "",  # type: ignore[arg-type]
            kind={"title": "title", "outlet": "text", "passages": "number"}.get(key, "brief"),  # type: ignore[arg-type]
            opens=key == "title",
            foreign=key == "title",
        )
        for key, text in names.items()
    ]


def _row(listed: Listed, s: Strings) -> Row:
    info = listed.article
    cells = [
        *_named(info, s, listed.copies),
        wording.short_day(info.published, s) if info.published else "",
        wording.number(listed.passages, s),
        wording.short_day(listed.added.date(), s),
    ]
    return Row(info.id, cells[0], cells, info.language)


def _named(info: ArticleInfo, s: Strings, copies: Sequence[ArticleInfo] = ()) -> list[str]:
    outlets = dict.fromkeys(map(wording.outlet, (info, *copies)))
    return [info.title or s.untitled, wording.listed([*outlets], s), wording.language(info.language, s)]


def _act(library: Library, asked: dict[str, Any]) -> None:
    match asked:
        case {"do": "sort", "by": str(by)}:
            query = _query()
            down = not query.descending if query.order == by else by in {"published", "passages", "added"}
            _turn(_SORT, ("-" if down else "") + by)
        case {"do": "page", "to": int(to)}:
            address.show(_PAGE, [str(to)] if to > 1 else [])
        case {"do": "open", "id": str(id)}:
            address.show(_ARTICLE, [id])
        case {"do": "remove", "ids": list(ids)}:
            chosen = [str(id) for id in ids]
            if changing.begin(partial(library.intake.take_out, chosen)):
                st.session_state[_UNDO] = chosen
        case {"do": "undo"}:
            changing.begin(partial(library.intake.put_back, st.session_state.pop(_UNDO, [])))
        case {"do": "back", "ids": list(ids)}:
            st.session_state.pop(_UNDO, None)
            changing.begin(partial(library.intake.put_back, [str(id) for id in ids]))
        case {"do": "forget", "ids": list(ids)}:
            library.removed.drop([str(id) for id in ids])


def _turn(name: str, to: str) -> None:
    """Another list: its first page is shown."""
    address.show(name, [to] if to else [])
    address.show(_PAGE, [])
    st.session_state.pop(_UNDO, None)


# --- the other views


def _removed(library: Library, s: Strings) -> None:
    st.caption(plain(s.removed_more))
    pager = _pager(library.removed.count())
    columns = [
        Column(key="title", text=s.title, kind="title", foreign=True),
        Column(key="outlet", text=s.outlet),
        Column(key="language", text=s.language_label, kind="brief"),
        Column(key="removed", text=s.removed_on, kind="brief"),
    ]
    rows = []
    for entry in library.removed.page(SIZE, (pager.page - 1) * SIZE):
        cells = [*_named(entry.article, s), wording.short_day(entry.when.date(), s)]
        rows.append(Row(entry.article.id, cells[0], cells, entry.article.language))
    table.mount(
        "removed",
        s.view_removed,
        columns,
        rows,
        s,
        empty=s.nothing_removed,
        pager=pager,
        actions={"back": s.put_back, "forget": s.forget},
        on_act=lambda asked: _act(library, asked),
    )


def _skipped(library: Library, s: Strings) -> None:
    st.caption(plain(s.skipped_more))
    pager = _pager(library.listing.skipped_count())
    columns = [
        Column(key="source", text=s.file),
        Column(key="reason", text=s.reason),
        Column(key="since", text=s.since_when, kind="brief"),
    ]
    rows = [
        Row(
            one.source,
            one.source,
            [one.source, messages.told(one.reason, s), wording.short_day(since.date(), s)],
        )
        for one, since in library.listing.skipped(SIZE, (pager.page - 1) * SIZE)
    ]
    table.mount(
        "skipped",
        s.view_skipped,
        columns,
        rows,
        s,
        empty=s.nothing_skipped,
        pager=pager,
        on_act=lambda asked: _act(library, asked),
    )


def _charts(library: Library, s: Strings) -> None:
    listing = library.listing
    languages = {wording.language(code, s): n for code, n in listing.languages().items()}
    outlets = dict(list(listing.outlets().items())[:MOST])
    with st.container(key="charts"):
        st.html(charts.bars(s.by_language, languages, s))
        st.html(charts.bars(s.by_outlet, outlets, s))
        st.html(charts.over_time(s.by_month, listing.months(), s))


def _pager(count: int) -> Pager:
    pager = Pager(_number(address.value(_PAGE)), SIZE, count)
    return Pager(min(pager.page, pager.pages), SIZE, count)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) else 1


def _reader(library: Library, s: Strings) -> None:
    """The article that the address names, at the side."""
    id = address.value(_ARTICLE)
    article = library.article(id) if id else None
    reader.draw(article, lambda: address.show(_ARTICLE, []), s)
