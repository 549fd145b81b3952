"""The side of every page: where one can go, and the language of the interface."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from rag.ui import address, language
from rag.ui.strings import Strings


def ways(pages: Mapping[str, st.Page], s: Strings) -> None:
    """The links to all pages, at the top; the one to the conversation leads to the last one shown."""
    labels = {
        "ask": s.nav_ask,
        "articles": s.nav_articles,
        "adding": s.nav_adding,
        "models": s.nav_models,
        "compare": s.nav_compare,
    }
    chat = address.last_chat()
    with st.sidebar, st.container(key="ways"):
        for name, page in pages.items():
            to = {address.CHAT: chat} if name == "ask" and chat else None
            st.page_link(page, label=labels[name], query_params=to)


def foot(s: Strings) -> None:
    """What stands at the bottom; pages add what is theirs in between."""
    with st.sidebar, st.container(key="interface"):
        language.picker(s)
    language.tell_browser(s)
