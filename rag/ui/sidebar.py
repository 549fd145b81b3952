"""The sidebar of every page: navigation and the interface's language."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from rag.service.people.person import Role
from rag.ui import interface_language, sign_in, url_state
from rag.ui.components import component
from rag.ui.strings import Strings

ROLES: Mapping[str, Role] = {"adding": "editor", "models": "admin"}
"""The roles that pages are for, where people sign in; the others are for everybody."""


def links(pages: Mapping[str, st.Page], s: Strings) -> None:
    """Draw the links to all pages; "ask" leads to the conversation shown last."""
    labels = {
        "ask": s.navigation.ask,
        "articles": s.navigation.articles,
        "adding": s.navigation.adding,
        "models": s.navigation.models,
        "compare": s.navigation.compare,
        "draft": s.navigation.draft,
        "notebook": s.navigation.notebook,
    }
    chat = url_state.last_chat()
    settings, person = sign_in.visitor()
    if settings and (person is None or person.expired):
        return
    with st.sidebar, st.container(key="page-links"):
        for name, page in pages.items():
            if person and not person.may(ROLES.get(name, "reader")):
                continue
            st.page_link(page, label=labels[name], query_params=chat if name == "ask" and chat else None)


def footer(s: Strings) -> None:
    """Draw the bottom of the sidebar; pages add their own parts above it."""
    settings, person = sign_in.visitor()
    with st.sidebar, st.container(key="interface"):
        if settings and person:
            sign_in.draw_person(settings, person, s)
        interface_language.draw_picker(s)
        component("drop")(key="drop", data={"texts": {"drop": s.adding.drop}})
    interface_language.tell_browser(s)
