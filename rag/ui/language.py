"""Which language the interface speaks: the one picked here before, or else the browser's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from rag.ui import wording
from rag.ui.strings import LOCALES, Strings, strings

PICKED, _PICKER, COOKIE = "language", "language-picker", "byline_language"
"""A pick counts at once in this tab (the session) and from then on in this browser (the cookie)."""


def current() -> Strings:
    """The texts to draw this page with."""
    picked = st.session_state.get(PICKED) or st.context.cookies.get(COOKIE)
    return strings(str(picked) if picked in LOCALES else nearest(st.context.locale))


def nearest(locale: str | None) -> str:
    """The interface's language for a browser's: "fr-CA" is French; English where there is none."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in LOCALES else "en"


def picker(s: Strings) -> None:
    """The selector; every language is named as it names itself. The page is drawn anew in what it shows."""
    names = list(LOCALES)
    shown = st.selectbox(
        s.interface_language,
        names,
        index=names.index(s.language),
        format_func=wording.own_name,
        key=_PICKER,
    )
    if shown != s.language:  # not by on_change: a pick counts though the run that brought it was cut short
        st.session_state[PICKED] = shown
        st.rerun()


def tell_browser(s: Strings) -> None:
    """Tell the browser which language it shows, to keep what was picked, and how Streamlit's labels read."""
    picked = {"keep": f"{COOKIE}={s.language}"} if PICKED in st.session_state else {}
    labels = list(zip(strings("en").streamlit, s.streamlit, strict=True))
    _component()(key="language-of-page", data={"lang": s.language, "labels": labels, **picked})


@cache
def _component() -> Any:
    script = Path(__file__).with_name("language.js").read_text(encoding="utf-8")
    return st.components.v2.component("byline_language", js=script, isolate_styles=False)
