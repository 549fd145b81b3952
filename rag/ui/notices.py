"""Pages that are one calm message: what happened and what to do."""

from __future__ import annotations

import streamlit as st

from rag.conversations import Conversations
from rag.ui import masthead
from rag.ui.escaping import plain
from rag.ui.strings import Strings


def heading(title: str, more: str) -> None:
    """A headline of ours and a sentence under it; `more` may hold foreign text."""
    st.markdown(f"## {title}")
    st.markdown(plain(more))


def problem(title: str, message: str, s: Strings) -> bool:
    """Show what went wrong; True when the reader wants to try again."""
    masthead.draw(s)
    with st.container(key="problem"):
        heading(title, message or s.unexpected)
        return st.button(s.retry, type="primary")


def not_kept(conversations: Conversations, s: Strings) -> None:
    """Say, where it is so, that conversations are not being saved, or that a damaged file was moved aside."""
    told = {
        "full": s.not_kept_full,
        "locked": s.not_kept_locked,
        "denied": s.not_kept_denied,
        "newer": s.not_kept_newer,
    }
    trouble, aside = conversations.trouble, conversations.aside
    if trouble is not None or aside is not None:
        with st.container(key="not-kept"):
            text = (
                told.get(trouble, s.not_kept) if trouble else s.moved_aside.format(name=aside and aside.name)
            )
            st.markdown(plain(text))
