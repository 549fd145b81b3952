"""Pages with a single message: what happened and what to do."""

from __future__ import annotations

import streamlit as st

from rag.conversations import Conversations
from rag.locales.message import Message, render
from rag.ui import formatting, page_header
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings


def heading(title: str, more: str) -> None:
    """Draw a headline and a sentence; `more` is escaped."""
    st.markdown(f"## {title}")
    st.markdown(plain(more))


def failure(message: Message, s: Strings, job: str) -> None:
    """Show why a job failed; `job` makes the widget's key unique on the page."""
    with st.container(key=f"job-error-{job}"):
        st.markdown(f"**{s.setup.cannot_work}** {plain(render(message, s.language))}")


def problem(title: str, message: Message, s: Strings) -> bool:
    """Draw the page of an error; True when the reader clicks "try again"."""
    page_header.draw(s)
    return _retry(title, message, s)


def unexpected(s: Strings) -> bool:
    """Draw an unexpected error below what the page shows; True when the reader clicks "try again"."""
    return _retry(s.setup.cannot_draw, Message.of("unexpected"), s)


def _retry(title: str, message: Message, s: Strings) -> bool:
    with st.container(key="problem"):
        heading(title, render(message, s.language))
        return st.button(s.setup.retry, type="primary")


def storage_warning(conversations: Conversations, s: Strings) -> None:
    """Warn where conversations are not being saved, or a damaged file was replaced."""
    texts = {
        "full": s.conversations.not_kept_full,
        "locked": s.conversations.not_kept_locked,
        "denied": s.conversations.not_kept_denied,
        "away": s.conversations.not_kept_away,
        "newer": s.conversations.not_kept_newer,
    }
    text = ""
    if (trouble := conversations.trouble) is not None:
        text = texts.get(trouble, s.conversations.not_kept)
    elif (when := conversations.restored) is not None:
        text = s.conversations.restored.format(when=formatting.moment(when, s))
    elif (aside := conversations.aside) is not None:
        text = s.conversations.moved_aside.format(name=aside.name)
    if text:
        with st.container(key="not-kept"):
            st.markdown(plain(text))


def words_only(notice: Message | None, s: Strings) -> None:
    """Warn where articles have lost their vectors, so that only keyword search finds them."""
    if notice is not None:
        with st.container(key="words-only"):
            st.markdown(plain(render(notice, s.language)))
