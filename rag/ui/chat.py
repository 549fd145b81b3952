"""The conversation: the answers so far, and the bar to ask from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from rag.conversations import Conversation, Exchange
from rag.library import Library
from rag.ui import (
    actions,
    address,
    answer,
    drawer,
    filtering,
    masthead,
    notices,
    picker,
    shelf,
    shortcuts,
    welcome,
)
from rag.ui.escaping import plain
from rag.ui.strings import Strings

POLL = 0.15
"""Seconds between two looks at an answer that is being written: quicker than one reads."""
TWICE = timedelta(seconds=2)
"""The same question again within this time is the browser's doing."""
OPEN, QUESTION, _CHANGED = "open", "question", "changed"
"""The open citation and the question, in the session."""


def page(library: Library, s: Strings) -> None:
    """Draw the conversation that the address names, or a new one."""
    conversation = current(library)
    shelf.draw(library.conversations, s)
    with st.sidebar:
        shortcuts.draw(s)
    masthead.draw(s, _begin_anew)
    notices.not_kept(library.conversations, s)
    if conversation is None or not conversation.exchanges:
        if address.chat() is not None:
            st.caption(s.lost)
        welcome.draw(library, lambda question: ask(library, question), s)
    else:
        _transcript(conversation, s)
    _bar(library, conversation, s)
    if conversation is not None:
        st.fragment(_drawer)(library, conversation, s)


def current(library: Library) -> Conversation | None:
    """The conversation that the address names, where there is one."""
    return library.conversations.get(address.chat())


def ask(library: Library, question: str) -> None:
    """Ask in this conversation, or begin one. A callback: the page is drawn afterwards."""
    question = question.strip()
    if not question:
        return
    conversation = current(library)
    model = picker.chosen(library, conversation)
    if conversation is None:
        conversation = library.conversations.new()
        address.go(conversation.id)
    conversation.ask(question, model, filtering.chosen())


def _begin_anew() -> None:
    address.go(None)
    st.session_state.pop(OPEN, None)


def _transcript(conversation: Conversation, s: Strings) -> None:
    exchanges = conversation.exchanges
    with st.container(key="transcript"):
        for index, exchange in enumerate(exchanges):
            poll = POLL if exchange.running else None
            latest = 0 < index == len(exchanges) - 1
            st.fragment(_exchange, run_every=poll)(conversation, exchange.id, poll is not None, latest, s)


def _exchange(conversation: Conversation, id: str, polled: bool, latest: bool, s: Strings) -> None:
    """One exchange. A fragment: it is drawn again alone, while the rest of the page rests."""
    exchange = conversation.exchange(id)
    if exchange is None:
        return
    key = f"answer-{id}"
    offered = actions.offered(conversation, exchange, picker.models(), s)
    on_act = partial(_act, conversation, exchange, key)
    answer.mount(exchange, key, on_act, s, actions=offered, latest=latest)
    if st.session_state.pop(_CHANGED, False) or (polled and not exchange.running):
        st.rerun()  # the whole page: other versions, the drawer, no polling and no stop button


def _act(conversation: Conversation, exchange: Exchange, key: str) -> None:
    asked = answer.asked(key)
    if asked:
        st.session_state[_CHANGED] = actions.act(conversation, exchange, asked)


def _bar(library: Library, conversation: Conversation | None, s: Strings) -> None:
    with st.bottom:
        st.chat_input(s.ask_label, key=QUESTION, on_submit=_submitted, args=(library,))
        with st.container(key="bar", horizontal=True, vertical_alignment="center"):
            picker.draw(library, conversation, s)
            filtering.draw(library, "ask", s)
            if conversation is not None and conversation.running:
                st.button(s.stop, key="stop", icon=":material/stop:", on_click=conversation.stop)
            st.caption(plain(welcome.knows(library, s)))


def _submitted(library: Library) -> None:
    try:
        _take(library)
    except RerunException:  # something else was pressed at once, for which Streamlit leaves a callback
        _take(library)
        raise


def _take(library: Library) -> None:
    question = str(st.session_state[QUESTION] or "")
    if not sent_twice(current(library), question.strip()):
        ask(library, question)


def sent_twice(conversation: Conversation | None, question: str) -> bool:
    """Whether the browser has sent it twice: with the question, and with a poll that fell just before it."""
    last = conversation.exchanges[-1] if conversation and conversation.exchanges else None
    if last is None or not last.running:
        return False
    return last.question == question and datetime.now(UTC) - last.asked < TWICE


def _drawer(library: Library, conversation: Conversation, s: Strings) -> None:
    """The passage that the reader opened. A fragment: nothing else is drawn again when it opens."""
    id, n = st.session_state.get(OPEN, ("", 0))
    exchange = conversation.exchange(id)
    content = None
    if exchange is not None and n in range(1, len(exchange.found) + 1):
        content = drawer.payload(exchange, n, library.article(exchange.found[n - 1].article.id), s)
    on_act = partial(_opened, library, conversation, s)
    drawer.mount(f"{id} {n}" if id else "", content, on_act, s.sources, s)


def _opened(library: Library, conversation: Conversation, s: Strings, asked: dict[str, Any]) -> None:
    id, n = st.session_state.get(OPEN, ("", 0))
    match asked:
        case {"do": "open", "id": str(id), "n": int(n)}:
            st.session_state[OPEN] = (id, n)
        case {"do": "close"}:
            st.session_state.pop(OPEN, None)
        case {"do": "translate"} if conversation.exchange(id):
            conversation.translate(id, n, s.language, picker.chosen(library, conversation))
        case {"do": "stop"}:
            conversation.stop_translating()
