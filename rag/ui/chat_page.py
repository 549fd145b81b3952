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
    opened,
    outbox,
    page_header,
    sharing,
    shortcuts,
    style_picker,
    url_state,
    welcome_page,
)
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

POLL_INTERVAL_S = 0.15
"""Interval at which a running answer is polled. Not fitted."""
OPEN, _CHANGED = "open", "changed"
"""Session keys: the open citation; whether the page must be redrawn."""


def page(library: Library, s: Strings) -> None:
    """Draw the conversation named in the address, or a new one."""
    if sharing.is_link():
        _shared(library, s)
        return
    for id, question in outbox.pending():
        ask(library, question, id)
    outbox.draw()  # first, so that the browser does not send questions again while the page is drawn
    conversation = current(library)
    url_state.remember(filter_form.NAMES)
    conversation_list.draw(library.conversations, s)
    with st.sidebar:
        shortcuts.draw(s)
    page_header.draw(s, _start_new)
    notice_page.storage_warning(library.conversations, s)
    notice_page.words_only(library.notice(), s)
    if conversation is None or not conversation.exchanges:
        if url_state.chat() is not None:
            st.caption(s.page.lost)
        welcome_page.draw(library, lambda question: ask(library, question), s)
    else:
        _transcript(conversation, s)
    _question_bar(library, conversation, s)
    if conversation is not None:
        st.fragment(_drawer)(library, conversation, s)


def _shared(library: Library, s: Strings) -> None:
    """Draw a conversation that somebody shares, to be read."""
    conversation = sharing.shared(library)
    conversation_list.draw(library.conversations, s, elsewhere=True)
    page_header.draw(s, _start_new)
    sharing.draw_notice(conversation, s)
    if conversation:
        for exchange in conversation.exchanges:
            answer_view.mount(exchange, answer_view.key(exchange.id), lambda: None, s)
        st.fragment(_drawer)(library, conversation, s)


def current(library: Library) -> Conversation | None:
    """Return the conversation named in the address, or None."""
    return library.conversations.get(url_state.chat())


def ask(library: Library, question: str, id: str = "") -> None:
    """Ask in the current conversation, or start one; a question with an `id` is asked once.

    Any access to Streamlit's state may abort this run in favour of another, so there is none between taking
    the question from the outbox and starting its answer.
    """
    question = question.strip()
    conversation, filters = current(library), filter_form.chosen()
    model, language = model_picker.chosen(library, conversation), interface_language.current().language
    style = style_picker.chosen(conversation)
    if question and (not id or outbox.acknowledged().add(id)):
        conversation = conversation or library.conversations.new(style)
        conversation.ask(question, model, filters, interface_language=language)
        url_state.open_chat(conversation.id)


def _start_new() -> None:
    url_state.open_chat(None, filter_form.scope_of(None) | {sharing.SHARED: ()})
    style_picker.forget_new()
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
    key = answer_view.key(id)
    actions = answer_actions.payload(conversation, exchange, model_picker.models(), s)
    on_act = partial(_act, conversation, exchange, key)
    last = id == conversation.exchanges[-1].id
    onward = answer_view.next_questions(exchange, s) if last else None
    answer_view.mount(exchange, key, on_act, s, actions=actions, latest=latest, next=onward)
    if st.session_state.pop(_CHANGED, False) or (polled and not exchange.running):
        st.rerun()  # redraws the whole page: versions, drawer, no polling, no stop button


def _act(conversation: Conversation, exchange: Exchange, key: str) -> None:
    action = answer_view.clicked_action(key)
    if action:
        st.session_state[_CHANGED] = answer_actions.act(conversation, exchange, action)


def _question_bar(library: Library, conversation: Conversation | None, s: Strings) -> None:
    with st.bottom:
        st.chat_input(s.page.ask_label, key="question")
        with st.container(key="bar", horizontal=True, vertical_alignment="center"):
            model_picker.draw(library, conversation, s)
            filter_form.draw(library, "ask", s)
            style_picker.draw(conversation, s)
            sharing.draw(library, conversation, s)
            if conversation is not None and conversation.running:
                st.button(s.page.stop, key="stop", icon=":material/stop:", on_click=conversation.stop)
            st.caption(plain(welcome_page.library_summary(library, s)))


def _drawer(library: Library, conversation: Conversation, s: Strings) -> None:
    """Draw the open passage, as a fragment that is redrawn alone."""
    change_job.draw(s)
    id, n = st.session_state.get(OPEN, ("", 0))
    exchange = conversation.exchange(id)
    content = None
    if exchange is not None and n in range(1, len(exchange.found) + 1):
        article = library.article(exchange.found[n - 1].article.id)
        opened.record(library, article)
        content = drawer.payload(exchange, n, article, s) | left_out_view.drawer_data(library, article, s)
    on_act = partial(_act_in_drawer, library, conversation, s)
    drawer.mount(f"{id} {n}" if id else "", content, on_act, s.answer.sources, s)


def _act_in_drawer(library: Library, conversation: Conversation, s: Strings, action: dict[str, Any]) -> None:
    id, n = st.session_state.get(OPEN, ("", 0))
    match action:
        case {"do": "open", "id": str(id), "n": int(n)}:
            st.session_state[OPEN] = (id, n)
            if action.get("translate") is True and conversation.exchange(id):
                _translate(library, conversation, id, n, s)
        case {"do": "close"}:
            st.session_state.pop(OPEN, None)
        case {"do": "translate"} if conversation.exchange(id):
            _translate(library, conversation, id, n, s)
        case {"do": "stop"}:
            conversation.stop_translating()
        case _:
            left_out_view.act(library, action)


def _translate(library: Library, conversation: Conversation, id: str, n: int, s: Strings) -> None:
    conversation.translate(id, n, s.language, model_picker.chosen(library, conversation))
