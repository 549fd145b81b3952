"""The page before anything is asked: what the library knows, and questions to begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from rag.library import Library
from rag.ui import masthead, wording
from rag.ui.escaping import plain
from rag.ui.strings import Strings

EXAMPLES = 3


def holdings(library: Library, s: Strings) -> str:
    """The library by language, as HTML."""
    counts = sorted(library.overview().languages.items(), key=lambda row: -row[1])
    return masthead.table(s.holdings, {wording.language(code, s): wording.number(n, s) for code, n in counts})


def knows(library: Library, s: Strings) -> str:
    """One line: how many articles, in which languages, and when they were brought up to date."""
    overview = library.overview()
    articles = s.articles.format(overview.articles)
    order = sorted(overview.languages, key=lambda code: -overview.languages[code])
    languages = wording.listed([wording.language(code, s) for code in order], s)
    line = s.knows.format(articles=articles, languages=languages) if languages else articles
    updated: date | None = overview.updated
    return line if updated is None else f"{line}\u00a0· {s.updated.format(date=wording.day(updated, s))}"


def draw(library: Library, ask: Callable[[str], None], s: Strings) -> None:
    """The first page of a conversation."""
    with st.container(key="opening"):
        with st.container(key="welcome"):
            _invitation(library, ask, s)
        st.html(holdings(library, s))


def _invitation(library: Library, ask: Callable[[str], None], s: Strings) -> None:
    st.markdown(f"## {s.welcome}")
    st.markdown(plain(s.welcome_more))
    examples = _examples(library)
    if examples:
        st.caption(s.examples)
    for index, question in enumerate(examples):
        key = f"example-{index}"
        st.button(plain(question), key=key, on_click=ask, args=(question,), width="stretch")


def _examples(library: Library) -> list[str]:
    """The same questions for as long as the page is open and the library does not change."""
    stamp = str(library.overview().updated)
    kept = st.session_state.get("examples")
    if kept is None or kept[0] != stamp:
        kept = (stamp, library.examples(EXAMPLES))
        st.session_state["examples"] = kept
    return list(kept[1])
