"""The interface's language: the one chosen by the reader, or the browser's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from rag.locales.catalogue import LOCALES
from rag.ui import formatting
from rag.ui.strings import Strings, strings

CHOSEN, _WIDGET, COOKIE = "language", "language-picker", "byline_language"
"""Names of the chosen language: in this tab's session, of the widget, in the browser's cookie."""


def current() -> Strings:
    """Return the texts in the current language."""
    chosen = st.session_state.get(CHOSEN) or st.context.cookies.get(COOKIE)
    return strings(str(chosen) if chosen in LOCALES else nearest(st.context.locale))


def nearest(locale: str | None) -> str:
    """Match a browser's locale: "fr-CA" gives French; English where nothing matches."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in LOCALES else "en"


def draw_picker(s: Strings) -> None:
    """Draw the language selector, with each language's own name."""
    names = list(LOCALES)
    shown = st.selectbox(
        s.navigation.interface_language,
        names,
        index=names.index(s.language),
        format_func=formatting.own_name,
        key=_WIDGET,
    )
    if shown != s.language:  # not in on_change: the choice must survive an aborted run
        st.session_state[CHOSEN] = shown
        st.rerun()


def tell_browser(s: Strings) -> None:
    """Set the page's language in the browser, store the choice, and translate Streamlit's own labels."""
    chosen = {"keep": f"{COOKIE}={s.language}"} if CHOSEN in st.session_state else {}
    labels = list(zip(strings("en").streamlit.labels, s.streamlit.labels, strict=True))
    _component()(key="language-of-page", data={"lang": s.language, "labels": labels, **chosen})


@cache
def _component() -> Any:
    script = Path(__file__).with_name("language.js").read_text(encoding="utf-8")
    return st.components.v2.component("byline_language", js=script, isolate_styles=False)
