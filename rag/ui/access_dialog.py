"""The dialog of admins that says which groups of people may see a collection."""

from __future__ import annotations

import streamlit as st

from rag.errors import BylineError
from rag.library import Library
from rag.ui import notice_page
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_CHOSEN = "access-of"
"""Session key of the collections whose groups are to be set."""


def request(names: list[str]) -> None:
    """Request the dialog for collections. For use in callbacks."""
    st.session_state[_CHOSEN] = names


def draw(library: Library, s: Strings) -> bool:
    """Draw the requested dialog; False where none is."""
    names = st.session_state.get(_CHOSEN, [])
    if names:
        st.dialog(s.people.access, on_dismiss=_dismiss)(_form)(library, names, s)
    return bool(names)


def _form(library: Library, names: list[str], s: Strings) -> None:
    groups = [g for one in library.collections.all() if one.name in names for g in one.groups]
    st.caption(plain(", ".join(names)))
    with st.form(key="access-form", border=False):
        text = st.text_input(
            s.people.groups, ", ".join(dict.fromkeys(groups)), help=plain(s.people.groups_more)
        )
        sent = st.form_submit_button(s.collections.save, type="primary")
    if not sent:
        return
    try:
        for name in names:
            library.collections.restrict(name, [part for part in text.split(",") if part.strip()])
    except BylineError as error:
        notice_page.failure(error.message, s, "access")
        return
    _dismiss()
    st.rerun()


def _dismiss() -> None:
    st.session_state.pop(_CHOSEN, None)
