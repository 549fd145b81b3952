"""A whole article at the side, to read: nothing in it is cited."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rag.documents import Article
from rag.ui import drawer
from rag.ui.components import component
from rag.ui.strings import Strings


def open_article(article: Article, on_dismiss: Callable[[], None], s: Strings) -> None:
    """Show it in the drawer that citations open in."""
    dialog = st.dialog(s.article, width=drawer.WIDTH, position="right", on_dismiss=on_dismiss)
    dialog(lambda: component("drawer")(key=f"whole-{article.id}", data=drawer.whole(article, s)))()
