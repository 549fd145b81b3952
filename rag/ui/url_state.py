"""State in the page's address: conversation (`?chat=`), filters, page of a list."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

CHAT, _PENDING, _LAST = "chat", "address-pending", "chat-last"


def chat() -> str | None:
    """Return the id of the conversation to show; None for a new one."""
    wanted = next(iter(values(CHAT)), None)
    st.session_state[_LAST] = wanted
    return wanted


def last_chat() -> str | None:
    """Return the id of the conversation shown last in this tab."""
    last: str | None = st.session_state.get(_LAST)
    return last


def forget_last() -> None:
    """Forget the conversation shown last in this tab."""
    st.session_state.pop(_LAST, None)


def go(to: str | None) -> None:
    """Switch to a conversation; None starts a new one."""
    show(CHAT, [to] if to else [])


def values(name: str) -> list[str]:
    """Return a parameter's values, including a change not yet sent to the browser.

    A rerun that was requested before the browser received a new address still carries the old one. Our value
    holds until the browser has sent it back once; from then on the browser's holds (back button).
    """
    pending: dict[str, list[str]] = st.session_state.setdefault(_PENDING, {})
    current = st.query_params.get_all(name)
    if current == pending.get(name, current):
        pending.pop(name, None)
        return current
    _write(name, pending[name])
    return pending[name]


def value(name: str) -> str:
    """Return a parameter's first value, or ""."""
    return next(iter(values(name)), "")


def show(name: str, wanted: Sequence[str]) -> None:
    """Set a parameter of the address."""
    st.session_state.setdefault(_PENDING, {})[name] = list(wanted)
    _write(name, wanted)


def _write(name: str, wanted: Sequence[str]) -> None:
    if wanted:
        st.query_params[name] = list(wanted)
    else:
        st.query_params.pop(name, None)
