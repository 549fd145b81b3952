"""The dialog to correct title, outlet, author, date and language of articles."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from rag.errors import BylineError
from rag.library import Library
from rag.store.mendings import Mending
from rag.text.language import LANGUAGES
from rag.types import Article
from rag.ui import change_job, filter_form, formatting, notice_page
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_CHOSEN = "mending-of"
"""Session key of the articles to be corrected."""


def act(action: dict[str, Any]) -> None:
    """Request the dialog on an action of a list or of the drawer. For use in callbacks."""
    match action:
        case {"do": "mend", "ids": list(ids)}:
            st.session_state[_CHOSEN] = [str(id) for id in ids]


def draw(library: Library, s: Strings) -> None:
    """Draw the requested dialog, if any."""
    ids = st.session_state.get(_CHOSEN, ())
    articles = [article for id in ids if (article := library.article(id))]
    if articles:
        st.dialog(s.mending.title, on_dismiss=_dismiss)(_form)(library, articles, s)


def _dismiss() -> None:
    st.session_state.pop(_CHOSEN, None)


def _form(library: Library, articles: list[Article], s: Strings) -> None:
    ids = [article.id for article in articles]
    alone = articles[0] if len(articles) == 1 else None
    st.caption(plain(s.mending.more if alone else s.mending.several.format(len(articles))))
    with st.form(key="mending-form", border=False):
        mending = _fields(alone, s)
        saved = st.form_submit_button(s.collections.save, type="primary")
    if _has_mended(library, ids) and st.button(s.mending.undo, key="mending-undo"):
        _begin(library, ids, None)
    if not saved:
        return
    try:
        changed = mending.values()
    except BylineError as error:
        notice_page.failure(error.message, s, "mending")
        return
    if changed:
        _begin(library, ids, mending)
    _close()


def _fields(alone: Article | None, s: Strings) -> Mending:
    """Draw the fields; return what was changed of a single article, or filled in for several."""
    before = {name: str((alone and getattr(alone, name)) or "") for name in Mending.__slots__}
    now = {
        "title": st.text_input(s.articles.title, before["title"]) if alone else "",
        "outlet": st.text_input(s.articles.outlet, before["outlet"]),
        "author": st.text_input(s.mending.author, before["author"]),
        "published": _day(alone, s),
        "language": _language(alone, s),
    }
    return Mending(**{name: value for name, value in now.items() if value.strip() != before[name]})


def _day(alone: Article | None, s: Strings) -> str:
    """Draw the date field. Its value is set in the session, because a default cannot be cleared."""
    key = f"mending-day-{alone.id if alone else ''}"
    before = alone.published if alone else None
    st.session_state.setdefault(key, before)
    day: date | None = st.date_input(
        s.articles.published,
        None,
        key=key,
        format=s.figures.date_field,
        min_value=min(filter_form.EARLIEST, before or filter_form.EARLIEST),
        max_value=max(filter_form.LATEST, before or filter_form.LATEST),
    )
    return day.isoformat() if day else ""


def _language(alone: Article | None, s: Strings) -> str:
    known = {*LANGUAGES, *([alone.language] if alone else [])}
    codes = sorted(known, key=lambda code: formatting.language(code, s))
    chosen = st.selectbox(
        s.filters.language_label,
        codes,
        index=codes.index(alone.language) if alone else None,
        format_func=lambda code: formatting.language(code, s),
        placeholder=s.mending.unchanged,
    )
    return chosen or ""


def _has_mended(library: Library, ids: list[str]) -> bool:
    return any(library.mendings.read(id) for id in ids)


def _begin(library: Library, ids: list[str], mending: Mending | None) -> None:
    change_job.begin(partial(library.intake.mend, ids, mending))
    _close()


def _close() -> None:
    _dismiss()
    st.rerun()
