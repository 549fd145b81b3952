"""State in the page's address: conversation (`?chat=`), filters, page of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

CHAT, _PENDING, _LAST = "chat", "address-pending", "chat-last"


def chat() -> str | None:
    """Return the id of the conversation to show; None for a new one."""
    return next(iter(values(CHAT)), None)


def remember(names: Sequence[str]) -> None:
    """Remember the address of the conversation that is shown: its id and these parameters."""
    st.session_state[_LAST] = {name: values(name) for name in (CHAT, *names)}


def last_chat() -> dict[str, list[str]]:
    """Return the parameters of the conversation shown last in this tab."""
    last: dict[str, list[str]] = st.session_state.get(_LAST, {})
    return {name: chosen for name, chosen in last.items() if chosen}


def forget_last() -> None:
    """Forget the conversation shown last in this tab."""
    st.session_state.pop(_LAST, None)


def go(to: str | None, others: Mapping[str, Sequence[str]] = MappingProxyType({})) -> None:
    """Switch to a conversation, None starts a new one, and set other parameters."""
    show_all({CHAT: [to] if to else [], **others})


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
    _write({name: pending[name]})
    return pending[name]


def value(name: str) -> str:
    """Return a parameter's first value, or ""."""
    return next(iter(values(name)), "")


def forget_pending() -> None:
    """Forget the changes not yet sent to the browser: another page has an address of its own."""
    st.session_state.pop(_PENDING, None)


def show(name: str, wanted: Sequence[str]) -> None:
    """Set a parameter of the address."""
    show_all({name: wanted})


def show_all(wanted: Mapping[str, Sequence[str]]) -> None:
    """Set parameters of the address in one step, which the browser's back button undoes as one."""
    pending = {name: list(chosen) for name, chosen in wanted.items()}
    st.session_state.setdefault(_PENDING, {}).update(pending)
    _write(pending)


def _write(wanted: Mapping[str, list[str]]) -> None:
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    after = {name: chosen for name, chosen in {**now, **wanted}.items() if chosen}
    if after != now:
        st.query_params.from_dict(after)
