"""What every page is drawn in: set up what is missing, open the library, then the page itself."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rag.errors import BylineError
from rag.library import Library
from rag.ui import language, notices, resources, setup
from rag.ui.strings import Strings

Draw = Callable[[Library, Strings], None]


def framed(draw: Draw) -> Callable[[], None]:
    """A page that waits for the library; every error a user can meet becomes one message with a way on."""

    def page() -> None:
        s = language.current()
        try:
            _page(draw, s)
        except BylineError as error:
            if notices.problem(s.cannot_open, str(error), s):
                st.rerun()

    return page


def _page(draw: Draw, s: Strings) -> None:
    settings = resources.settings()
    if setup.needed(settings):
        setup.page(settings, s)
        return
    with st.spinner(s.opening):
        library = resources.library()
    if not setup.empty(library, s):
        draw(library, s)
