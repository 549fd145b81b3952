"""The frame of every page: set-up where needed, opening of the library, errors."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st
from streamlit.errors import FragmentHandledException

from rag.errors import BylineError
from rag.library import Library
from rag.service.people.person import Role
from rag.ui import (
    app_state,
    conversation_list,
    empty_page,
    interface_language,
    keep_sync,
    notice_page,
    opened,
    setup_page,
    sign_in,
)
from rag.ui.strings import Strings

Draw = Callable[[Library, Strings], None]
_log = logging.getLogger(__name__)


def framed(
    draw: Draw,
    *,
    empty: bool = False,
    list_conversations: bool = True,
    sync_notebook: bool = True,
    role: Role = "reader",
) -> Callable[[], None]:
    """Wrap a page that needs an open library, with articles in it unless `empty` is set.

    Where people sign in, it is for those of a `role`, and the library is what each may see of it.
    `list_conversations` draws the list in the sidebar; `sync_notebook` makes the changes of notebooks that
    the browser has queued. Both are off for pages that do so themselves. An error becomes a message with a
    button to try again; an unexpected one is logged.
    """

    def page() -> None:
        s = interface_language.current()
        try:
            _page(draw, s, empty, list_conversations, sync_notebook, role)
        except BylineError as error:
            if notice_page.problem(s.setup.cannot_open, error.message, s):
                st.rerun()
        except FragmentHandledException:
            raise  # it was logged and shown where the fragment stands
        except Exception:
            _log.exception("A page broke off")
            if notice_page.unexpected(s):
                st.rerun()

    return page


def _page(
    draw: Draw, s: Strings, empty: bool, list_conversations: bool, sync_notebook: bool, role: Role
) -> None:
    settings = app_state.settings()
    person = sign_in.person(settings) if settings.sign_in else None
    if settings.sign_in and (person is None or person.expired):
        sign_in.page(settings, person, s)
        return
    if person:
        person.require(role)
    if setup_page.needed(settings):
        if person:
            person.require("admin")
        setup_page.page(settings, s)
        return
    with st.spinner(s.setup.opening):
        library = app_state.library()
    if person:
        library = opened.personal(library, person)
    if sync_notebook:
        keep_sync.draw(library, s)
    if empty or not empty_page.empty(library, s):
        if list_conversations:
            conversation_list.draw(library.conversations, s, elsewhere=True)
        draw(library, s)
