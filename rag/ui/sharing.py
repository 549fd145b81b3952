"""Sharing a conversation by a link, and the page of one that somebody shares."""

from __future__ import annotations

from functools import partial

import streamlit as st

from rag.conversations import Conversation
from rag.library import Library
from rag.service.people.own_conversations import OwnConversations
from rag.ui import url_state
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

SHARED = "shared"
"""The address's parameter of a link."""


def shared(library: Library) -> Conversation | None:
    """Return the conversation that the link in the address leads to, None without one."""
    link, own = url_state.value(SHARED), library.conversations
    return own.shared(link) if link and isinstance(own, OwnConversations) else None


def is_link() -> bool:
    """Tell whether the address has a link."""
    return bool(url_state.value(SHARED))


def draw_notice(conversation: Conversation | None, s: Strings) -> None:
    """Say that the conversation on the page is shared, or no longer."""
    st.caption(plain(s.people.shared if conversation else s.people.not_shared))


def draw(library: Library, conversation: Conversation | None, s: Strings) -> None:
    """Draw the button that shares a conversation, where people sign in."""
    own = library.conversations
    if not isinstance(own, OwnConversations) or conversation is None or not conversation.exchanges:
        return
    with st.popover(s.people.share, key="share", type="tertiary", icon=":material/share:"):
        st.caption(plain(s.people.share_more))
        if link := own.link(conversation.id):
            st.code(_address(link), language=None, wrap_lines=True)
            st.button(s.people.revoke_link, key="share-end", on_click=own.revoke, args=(conversation.id,))
        else:
            share = partial(_share, own, conversation.id)
            st.button(s.people.make_link, key="share-begin", on_click=share)


def _share(own: OwnConversations, id: str) -> None:
    own.share(id)


def _address(link: str) -> str:
    page = (st.context.url or "").partition("?")[0]
    return f"{page}?{SHARED}={link}"
