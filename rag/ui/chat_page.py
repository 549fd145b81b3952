"""The conversation page: the exchanges and the question bar."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from rag.conversations import Conversation, Exchange
from rag.library import Library
from rag.ui import (
    answer_actions,
    answer_view,
    change_job,
    conversation_list,
    drawer,
    filter_form,
    interface_language,
    left_out_view,
    model_picker,
    notice_page,
    outbox,
    page_header,
    shortcuts,
    url_state,
    welcome_page,
)
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

POLL_INTERVAL_S = 0.15
"""Seconds between two polls of a running answer. Not fitted: faster than one reads."""
OPEN, _CHANGED = "open", "changed"
"""Session keys: the open citation, a change to draw."""


def page(library: Library, s: Strings) -> None:
    """Draw the conversation named in the address, or a new one."""
    for id, question in outbox.unseen():
        ask(library, question, id)
    outbox.draw()  # first, so that what was taken is not sent again while the page is drawn
    conversation = current(library)
    conversation_list.draw(library.conversations, s)
    with st.sidebar:
        shortcuts.draw(s)
    page_header.draw(s, _begin_anew)
    notice_page.not_kept(library.conversations, s)
    notice_page.words_only(library.notice(), s)
    if conversation is None or not conversation.exchanges:
        if url_state.chat() is not None:
            st.caption(s.page.lost)
        welcome_page.draw(library, lambda question: ask(library, question), s)
    else:
        _transcript(conversation, s)
    _bar(library, conversation, s)
    if conversation is not None:
        st.fragment(_drawer)(library, conversation, s)


def current(library: Library) -> Conversation | None:
    """Return the conversation named in the address, or None."""
    return library.conversations.get(url_state.chat())


def ask(library: Library, question: str, id: str = "") -> None:
    """Ask in the current conversation, or start one; with `id`, once.

    Each access to Streamlit's state may end the run for another one, so there is none between taking the
    question and starting its answer.
    """
    question = question.strip()
    conversation, filters = current(library), filter_form.chosen()
    model, language = model_picker.chosen(library, conversation), interface_language.current().language
    if question and (not id or outbox.taken().add(id)):
        conversation = conversation or library.conversations.new()
        conversation.ask(question, model, filters, interface_language=language)
        url_state.go(conversation.id)


def _begin_anew() -> None:
    url_state.go(None)
    st.session_state.pop(OPEN, None)


def _transcript(conversation: Conversation, s: Strings) -> None:
    exchanges = conversation.exchanges
    with st.container(key="transcript"):
        for index, exchange in enumerate(exchanges):
            poll = POLL_INTERVAL_S if exchange.running else None
            latest = 0 < index == len(exchanges) - 1
            st.fragment(_exchange, run_every=poll)(conversation, exchange.id, poll is not None, latest, s)


def _exchange(conversation: Conversation, id: str, polled: bool, latest: bool, s: Strings) -> None:
    """Draw one exchange, as a fragment that is redrawn without the rest of the page."""
    exchange = conversation.exchange(id)
    if exchange is None:
        return
    key = f"answer-{id}"
    offered = answer_actions.offered(conversation, exchange, model_picker.models(), s)
    on_act = partial(_act, conversation, exchange, key)
    answer_view.mount(exchange, key, on_act, s, actions=offered, latest=latest)
    if st.session_state.pop(_CHANGED, False) or (polled and not exchange.running):
        st.rerun()  # redraws the whole page: versions, drawer, no polling, no stop button


def _act(conversation: Conversation, exchange: Exchange, key: str) -> None:
    asked = answer_view.asked(key)
    if asked:
        st.session_state[_CHANGED] = answer_actions.act(conversation, exchange, asked)


def _bar(library: Library, conversation: Conversation | None, s: Strings) -> None:
    with st.bottom:
        st.chat_input(s.page.ask_label, key="question")
        with st.container(key="bar", horizontal=True, vertical_alignment="center"):
            model_picker.draw(library, conversation, s)
            filter_form.draw(library, "ask", s)
            if conversation is not None and conversation.running:
                st.button(s.page.stop, key="stop", icon=":material/stop:", on_click=conversation.stop)
            st.caption(plain(welcome_page.knows(library, s)))


def _drawer(library: Library, conversation: Conversation, s: Strings) -> None:
    """Draw the open passage, as a fragment that is redrawn alone."""
    change_job.draw(s)
    id, n = st.session_state.get(OPEN, ("", 0))
    exchange = conversation.exchange(id)
    content = None
    if exchange is not None and n in range(1, len(exchange.found) + 1):
        article = library.article(exchange.found[n - 1].article.id)
        content = drawer.payload(exchange, n, article, s) | left_out_view.of(library, article, s)
    on_act = partial(_opened, library, conversation, s)
    drawer.mount(f"{id} {n}" if id else "", content, on_act, s.answer.sources, s)


def _opened(library: Library, conversation: Conversation, s: Strings, asked: dict[str, Any]) -> None:
    id, n = st.session_state.get(OPEN, ("", 0))
    match asked:
        case {"do": "open", "id": str(id), "n": int(n)}:
            st.session_state[OPEN] = (id, n)
            if asked.get("translate") is True and conversation.exchange(id):
                _translate(library, conversation, id, n, s)
        case {"do": "close"}:
            st.session_state.pop(OPEN, None)
        case {"do": "translate"} if conversation.exchange(id):
            _translate(library, conversation, id, n, s)
        case {"do": "stop"}:
            conversation.stop_translating()
        case _:
            left_out_view.act(library, asked)


def _translate(library: Library, conversation: Conversation, id: str, n: int, s: Strings) -> None:
    conversation.translate(id, n, s.language, model_picker.chosen(library, conversation))
