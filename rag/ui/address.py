"""Which conversation the page shows: its id stands in the address as `?chat=`."""

from __future__ import annotations

import streamlit as st

CHAT, _PENDING = "chat", "chat-pending"


def chat() -> str | None:
    """The conversation to show, None for a new one: what the address says, or is about to say.

    A rerun that the browser sent before it heard of a new address still carries the old one; until
    the new one has come back once, ours counts. After that the reader's back button does.
    """
    shown = st.query_params.get(CHAT)
    wanted = st.session_state.get(CHAT) if st.session_state.get(_PENDING) else shown
    if shown == wanted:
        st.session_state[_PENDING] = False
    else:
        _show(wanted)
    return wanted


def go(to: str | None) -> None:
    """Show this conversation from now on, or a new one."""
    st.session_state[CHAT], st.session_state[_PENDING] = to, True
    _show(to)


def _show(wanted: str | None) -> None:
    if wanted is None:
        st.query_params.pop(CHAT, None)
    else:
        st.query_params[CHAT] = wanted
