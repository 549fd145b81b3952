"""The start of a conversation: the library's contents and example questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from rag.library import Library
from rag.ui import formatting, page_header
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

MAX_EXAMPLES = 3
"""Example questions on the start page. Not fitted."""


def holdings(library: Library, s: Strings) -> str:
    """Return the numbers of articles by language, as HTML."""
    counts = sorted(library.overview().languages.items(), key=lambda row: -row[1])
    return page_header.table(
        s.holdings.holdings, {formatting.language(code, s): formatting.number(n, s) for code, n in counts}
    )


def library_summary(library: Library, s: Strings) -> str:
    """Return one line: number of articles, languages, date of the last update."""
    overview = library.overview()
    articles = s.holdings.articles.format(overview.articles)
    order = sorted(overview.languages, key=lambda code: -overview.languages[code])
    languages = formatting.listed([formatting.language(code, s) for code in order], s)
    line = s.holdings.knows.format(articles=articles, languages=languages) if languages else articles
    updated: date | None = overview.updated
    return (
        line
        if updated is None
        else f"{line}\u00a0· {s.holdings.updated.format(date=formatting.day(updated, s))}"
    )


def draw(library: Library, ask: Callable[[str], None], s: Strings) -> None:
    """Draw the start of a conversation."""
    with st.container(key="opening"):
        with st.container(key="welcome"):
            _invitation(library, ask, s)
        st.html(holdings(library, s))


def _invitation(library: Library, ask: Callable[[str], None], s: Strings) -> None:
    st.markdown(f"## {s.page.welcome}")
    st.markdown(plain(s.page.welcome_more))
    examples = _examples(library, s)
    if examples:
        st.caption(s.page.examples)
    for index, question in enumerate(examples):
        key = f"example-{index}"
        st.button(plain(question), key=key, on_click=ask, args=(question,), width="stretch")


def _examples(library: Library, s: Strings) -> list[str]:
    """Return example questions, the same for this session until the library changes."""
    stamp = f"{library.overview()} {s.language}"
    kept = st.session_state.get("examples")
    if kept is None or kept[0] != stamp:
        kept = (stamp, library.suggested.of_library(s.language, MAX_EXAMPLES))
        st.session_state["examples"] = kept
    return list(kept[1])
