"""What every page is drawn in: set up what is missing, open the library, then the page itself."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rag.errors import BylineError
from rag.library import Library
from rag.ui import language, messages, notices, resources, setup
from rag.ui.strings import Strings

Draw = Callable[[Library, Strings], None]


def framed(draw: Draw, *, empty: bool = False) -> Callable[[], None]:
    """A page that waits for the library, and for articles in it unless it may be `empty`.

    Every error a user can meet becomes one message with a way on.
    """

    def page() -> None:
        s = language.current()
        try:
            _page(draw, s, empty=empty)
        except BylineError as error:
            if notices.problem(s.cannot_open, messages.told(str(error), s), s):
                st.rerun()

    return page


def _page(draw: Draw, s: Strings, *, empty: bool) -> None:
    settings = resources.settings()
    if setup.needed(settings):
        setup.page(settings, s)
        return
    with st.spinner(s.opening):
        library = resources.library()
    if empty or not setup.empty(library, s):
        draw(library, s)
