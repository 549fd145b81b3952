"""Collections on the page of articles: a view of all, and the dialogs that fill and rename them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from rag.errors import BylineError
from rag.library import Library
from rag.store.article_collections import Collection
from rag.types import Filters
from rag.ui import access_dialog, article_table, filter_form, formatting, notice_page, url_state
from rag.ui.article_table import Column, TableRow
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_CHOSEN, _RENAMED = "collection-of", "collection-renamed"
_DELETED, _DONE, _FAILED = "collections-deleted", "collection-done", "collection-failed"
"""Session keys: articles to be added; a collection to be renamed; deleted collections with their articles;
the result of the last action, and its error, each shown once."""


def draw(library: Library, s: Strings) -> None:
    """Draw the table of collections."""
    st.caption(plain(s.collections.more))
    columns = [
        Column(key="name", text=s.collections.name, kind="title", opens=True),
        Column(key="articles", text=s.articles.articles_title, kind="number"),
    ]
    rows = [
        TableRow(one.name, one.name, [_named(one, s), formatting.number(one.articles, s)])
        for one in library.collections.all()
    ]
    deleted = formatting.listed([one.name for one in st.session_state.get(_DELETED, {})], s)
    article_table.mount(
        "collections",
        s.collections.title,
        columns,
        rows,
        s,
        empty=s.collections.none,
        actions=_actions_on_all(library, s),
        undo=s.collections.deleted.format(names=deleted) if deleted else "",
        on_act=lambda action: act(library, action),
    )


def _named(one: Collection, s: Strings) -> str:
    """Return a collection's name, with the groups that may see it."""
    return f"{one.name} · {formatting.listed(one.groups, s)}" if one.groups else one.name


def _actions_on_all(library: Library, s: Strings) -> dict[str, str]:
    changes = {"rename": s.conversations.rename, "delete": s.conversations.delete} if library.may_edit else {}
    access = {"access": s.people.access} if library.may_manage and library.settings.sign_in else {}
    return changes | access


def actions(filters: Filters, s: Strings) -> dict[str, str]:
    """Return the actions on selected articles of a list: name to text."""
    adding = {"collect": s.collections.add}
    if len(filters.collections) != 1:
        return adding
    return adding | {"uncollect": s.collections.take_out.format(name=filters.collections[0])}


def act(library: Library, action: dict[str, Any]) -> None:
    """Perform an action of the table of collections or of a list of articles. For use in callbacks."""
    try:
        _act(library, action)
    except BylineError as error:
        st.session_state[_FAILED] = error.message


def _act(library: Library, action: dict[str, Any]) -> None:
    match action:
        case {"do": "collect", "ids": list(ids)}:
            st.session_state[_CHOSEN] = [str(id) for id in ids]
        case {"do": "uncollect", "ids": list(ids)}:
            for name in filter_form.chosen().collections:
                library.collections.discard(name, [str(id) for id in ids])
        case {"do": "open", "id": str(name)}:
            url_state.set_parameters({"view": [], filter_form.COLLECTION: [name]})
        case {"do": "rename", "ids": [str(name), *_]}:
            st.session_state[_RENAMED] = name
        case {"do": "access", "ids": list(names)}:
            access_dialog.request([str(name) for name in names])
        case {"do": "delete", "ids": list(names)}:
            _delete(library, [str(name) for name in names])
        case {"do": "undo"}:
            for one, ids in st.session_state.pop(_DELETED, {}).items():
                library.collections.add(one.name, [])
                if one.groups:  # first: nobody else may see the articles meanwhile
                    library.collections.restrict(one.name, one.groups)
                library.collections.add(one.name, ids)


def _delete(library: Library, names: list[str]) -> None:
    known = [one for one in library.collections.all() if one.name in names]
    deleted = {one: library.collections.articles(one.name) for one in known}
    for name in names:
        library.collections.delete(name)
    st.session_state[_DELETED] = deleted
    shown = filter_form.chosen().collections
    url_state.set_parameter(filter_form.COLLECTION, [one for one in shown if one not in names])


def draw_result(s: Strings) -> None:
    """Draw the result or the error of the last action, once."""
    if done := st.session_state.pop(_DONE, ""):
        with st.container(key="collections-result"):
            st.markdown(plain(done))
    if failed := st.session_state.pop(_FAILED, None):
        notice_page.failure(failed, s, "collections")


def draw_dialog(library: Library, s: Strings) -> None:
    """Draw the requested dialog, if any."""
    ids, name = st.session_state.get(_CHOSEN), st.session_state.get(_RENAMED)
    if ids:
        dialog = st.dialog(s.collections.add_title, on_dismiss=_dismiss)
        dialog(_add)(library, ids, s)
    elif access_dialog.draw(library, s):
        return
    elif name:
        dialog = st.dialog(s.conversations.rename, on_dismiss=_dismiss)
        dialog(_rename)(library, name, s)


def name_field(library: Library, label: str, s: Strings, key: str | None = None) -> str | None:
    """Draw a field for the name of an existing or a new collection."""
    return st.selectbox(
        label,
        [one.name for one in library.collections.all()],
        index=None,
        accept_new_options=True,
        placeholder=s.collections.name_more,
        key=key,
    )


def _dismiss() -> None:
    st.session_state.pop(_CHOSEN, None)
    st.session_state.pop(_RENAMED, None)


def _add(library: Library, ids: list[str], s: Strings) -> None:
    with st.form(key="collection-form", border=False):
        name = name_field(library, s.collections.name, s)
        sent = st.form_submit_button(s.collections.save, type="primary")
    if sent and (known := _changed(lambda: library.collections.add(name or "", ids), s)):
        _close(s.collections.added.format(len(ids), name=known.name))


def _rename(library: Library, before: str, s: Strings) -> None:
    with st.form(key="collection-form", border=False):
        name = st.text_input(s.collections.name, before)
        sent = st.form_submit_button(s.collections.save, type="primary")
    if sent and (known := _changed(lambda: library.collections.rename(before, name), s)):
        shown = filter_form.chosen().collections
        names = [known.name if one == before else one for one in shown]
        url_state.set_parameter(filter_form.COLLECTION, names)
        _close(s.collections.renamed.format(name=known.name))


def _changed(change: Callable[[], Collection], s: Strings) -> Collection | None:
    """Make a change and return the collection; on an error, draw it and return None."""
    try:
        return change()
    except BylineError as error:
        notice_page.failure(error.message, s, "collection")
        return None


def _close(done: str) -> None:
    st.session_state[_DONE] = done
    _dismiss()
    st.rerun()
