"""The list of conversations in the sidebar: search, open, rename, delete with undo, export, print."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from babel.dates import format_skeleton

from rag.conversations import Conversation, ConversationMatch, Conversations, Head, export
from rag.ui import filter_form, site_pages, url_state
from rag.ui.components import component
from rag.ui.strings import Strings

KEY = "conversation-list"
INITIAL_COUNT, COUNT_STEP = 60, 200
"""Number of conversations listed at first, and added by each click on "more". Not fitted."""
POLL_INTERVAL_S = 2.0
"""Interval of polling while a conversation is being answered. Not fitted."""
_QUERY, _LIMIT, _UNDO = "conversations-query", "conversations-limit", "conversations-undo"
_FILE, _GO = "conversations-file", "conversations-go"
_ELSEWHERE, _STEP = "conversations-elsewhere", "conversations-step"
"""Session keys: the search and the number of listed conversations; the one deleted last; a file to be
downloaded; whether the page must be redrawn; whether this is another page; the address to switch to."""


def draw(conversations: Conversations, s: Strings, *, elsewhere: bool = False) -> None:
    """Draw the list in the sidebar, as a fragment that is redrawn alone.

    `elsewhere` is True on other pages than that of conversations: none is shown there, and opening one
    switches to that page.
    """
    st.session_state[_ELSEWHERE] = elsewhere
    poll = POLL_INTERVAL_S if conversations.busy() else None
    with st.sidebar:
        st.fragment(_list, run_every=poll)(conversations, s)


def _list(conversations: Conversations, s: Strings) -> None:
    component("conversation_list")(
        key=KEY, data=_data(conversations, s), on_act_change=lambda: _act(conversations), height="content"
    )
    st.session_state.pop(_FILE, None)  # it is downloaded once
    if st.session_state.pop(_GO, False):
        st.rerun()
    if (to := st.session_state.pop(_STEP, None)) is not None:
        site_pages.switch("ask", to)


def _data(conversations: Conversations, s: Strings) -> dict[str, Any]:
    query, limit = st.session_state.get(_QUERY, ""), st.session_state.get(_LIMIT, INITIAL_COUNT)
    found = (
        conversations.search(query) if query else list(map(ConversationMatch, conversations.heads(limit + 1)))
    )
    undo = conversations.get(st.session_state.get(_UNDO))
    data = payload(found[: None if query else limit], query, conversations.busy(), now(), s)
    return {
        **data,
        "current": _shown() or "",
        "more": not query and len(found) > limit,
        "undo": undo and {"id": undo.id, "text": s.conversations.deleted.format(title=undo.head.title)},
        "file": st.session_state.get(_FILE),
    }


def payload(
    found: Sequence[ConversationMatch], query: str, busy: frozenset[str], today: datetime, s: Strings
) -> dict[str, Any]:
    """Return the data for conversation_list.js, texts only. `busy` are the conversations being answered."""
    rows = [
        {
            "id": one.head.id,
            "title": one.head.title or s.drawer.untitled,
            "excerpt": one.excerpt,
            "busy": s.conversations.being_answered if one.head.id in busy else "",
            "more": s.conversations.more_about.format(title=one.head.title),
            "pinned": one.head.pinned,
            "group": "" if query else _heading(one.head, today, s),
        }
        for one in found
    ]
    groups = [{"title": title, "rows": list(of)} for title, of in groupby(rows, lambda row: row["group"])]
    note = "" if found else (s.conversations.nothing_said if query else s.conversations.no_conversations)
    return {"groups": groups, "note": note, "texts": _texts(s)}


def _heading(head: Head, today: datetime, s: Strings) -> str:
    return s.conversations.pinned if head.pinned else date_heading(head.updated, today, s)


def date_heading(moment: datetime, today: datetime, s: Strings) -> str:
    """Return the heading for a date in the reader's time zone: "Today", "Yesterday" ... or its month."""
    day = moment.astimezone(today.tzinfo).date()
    days = (today.date() - day).days
    if days < 2:
        return s.conversations.today if days < 1 else s.conversations.yesterday
    if days <= 7:
        return s.conversations.last_days
    month = format_skeleton("yMMMM", day, locale=s.locale)
    return month[:1].upper() + month[1:]


def now() -> datetime:
    """Return the current time in the reader's time zone."""
    try:
        return datetime.now(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now(UTC)


def _texts(s: Strings) -> dict[str, str]:
    return {
        "conversations": s.conversations.conversations,
        "new": s.page.new_conversation,
        "search": s.conversations.search_conversations,
        "more": s.conversations.show_more,
        "pin": s.conversations.pin,
        "unpin": s.conversations.unpin,
        "rename": s.conversations.rename,
        "title": s.conversations.new_title,
        "delete": s.conversations.delete,
        "undo": s.conversations.undo,
        "close": s.conversations.close,
        "markdown": s.conversations.save_markdown,
        "json": s.conversations.save_json,
        "print": s.conversations.print,
    }


def _act(conversations: Conversations) -> None:
    """Perform a clicked action; opening a conversation redraws the whole page."""
    action = getattr(st.session_state.get(KEY), "act", None)
    if not isinstance(action, dict):
        return
    match action.get("do"):
        case "search":
            st.session_state[_QUERY] = str(action.get("text", "")).strip()
        case "more":
            st.session_state[_LIMIT] = st.session_state.get(_LIMIT, INITIAL_COUNT) + COUNT_STEP
        case "forget":
            st.session_state.pop(_UNDO, None)
        case "new":
            _go(None)
        case _:
            conversation = conversations.get(str(action.get("id", "")))
            if conversation is not None:
                _act_on(conversation, action)


def _act_on(conversation: Conversation, action: dict[str, Any]) -> None:
    match action.get("do"):
        case "open":
            _go(conversation)
        case "pin":
            conversation.pin(bool(action.get("pinned")))
        case "rename":
            conversation.rename(str(action.get("title", "")))
        case "delete":
            conversation.delete()
            st.session_state[_UNDO] = conversation.id
            if _shown() == conversation.id:
                _go(None)
            elif url_state.last_chat().get(url_state.CHAT) == [conversation.id]:
                url_state.forget_last()
        case "undo":
            conversation.delete(undo=True)
            st.session_state.pop(_UNDO, None)
            _go(conversation)
        case "save":
            exported = export.exported_file(conversation, str(action.get("as", "")))
            st.session_state[_FILE] = asdict(exported) | {"stamp": secrets.token_hex(4)}


def _shown() -> str | None:
    """Return the id of the conversation on this page, if any."""
    return None if st.session_state.get(_ELSEWHERE) else url_state.chat()


def _go(to: Conversation | None) -> None:
    id, others = to.id if to else None, filter_form.scope_of(to)
    if st.session_state.get(_ELSEWHERE):
        st.session_state[_STEP] = {url_state.CHAT: [id] if id else [], **others}
    else:
        url_state.open_chat(id, others)
        st.session_state[_GO] = True
