"""What the page's address says: which conversation (`?chat=`), which filters, which page of a list."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

CHAT, _PENDING, _LAST = "chat", "address-pending", "chat-last"


def chat() -> str | None:
    """The conversation to show, None for a new one."""
    wanted = next(iter(values(CHAT)), None)
    st.session_state[_LAST] = wanted
    return wanted


def last_chat() -> str | None:
    """The conversation that this tab showed last, wherever it is now."""
    last: str | None = st.session_state.get(_LAST)
    return last


def go(to: str | None) -> None:
    """Show this conversation from now on, or a new one."""
    show(CHAT, [to] if to else [])


def values(name: str) -> list[str]:
    """What the address says, or is about to say.

    A rerun that the browser sent before it heard of a new address still carries the old one; until
    the new one has come back once, ours counts. After that the reader's back button does.
    """
    pending: dict[str, list[str]] = st.session_state.setdefault(_PENDING, {})
    there = st.query_params.get_all(name)
    if there == pending.get(name, there):
        pending.pop(name, None)
        return there
    _write(name, pending[name])
    return pending[name]


def value(name: str) -> str:
    """The first of its values; "" for none."""
    return next(iter(values(name)), "")


def show(name: str, wanted: Sequence[str]) -> None:
    """Let the address say this from now on."""
    st.session_state.setdefault(_PENDING, {})[name] = list(wanted)
    _write(name, wanted)


def _write(name: str, wanted: Sequence[str]) -> None:
    if wanted:
        st.query_params[name] = list(wanted)
    else:
        st.query_params.pop(name, None)
