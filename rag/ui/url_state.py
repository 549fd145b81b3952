"""State in the page's address: conversation (`?chat=`), filters, page of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

CHAT = "chat"
"""The address's parameter of the conversation."""
_PENDING, _LAST = "address-pending", "chat-last"
"""Session keys: changes not yet sent back by the browser; the parameters of the last conversation."""


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


def open_chat(to: str | None, others: Mapping[str, Sequence[str]] = MappingProxyType({})) -> None:
    """Switch to a conversation, or to a new one for None, and set other parameters."""
    set_parameters({CHAT: [to] if to else [], **others})


def values(name: str) -> list[str]:
    """Return a parameter's values, including a change not yet sent to the browser.

    A rerun requested before the browser received a new address still carries the old one. The new value
    therefore takes precedence until the browser has sent it back once; then the browser's does (back button).
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
    """Forget changes that the browser has not yet sent back: another page has its own address."""
    st.session_state.pop(_PENDING, None)


def set_parameter(name: str, new: Sequence[str]) -> None:
    """Set a parameter of the address."""
    set_parameters({name: new})


def set_parameters(new: Mapping[str, Sequence[str]]) -> None:
    """Set parameters of the address in one step, which the back button undoes as a whole."""
    pending = {name: list(chosen) for name, chosen in new.items()}
    st.session_state.setdefault(_PENDING, {}).update(pending)
    _write(pending)


def _write(wanted: Mapping[str, list[str]]) -> None:
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    after = {name: chosen for name, chosen in {**now, **wanted}.items() if chosen}
    if after != now:
        st.query_params.from_dict(after)
