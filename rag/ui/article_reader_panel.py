"""Shows an article in the drawer, without citations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.library import Library
from rag.types import Article
from rag.ui import drawer, left_out_view
from rag.ui.strings import Strings


def draw(library: Library, article: Article | None, on_close: Callable[[], None], s: Strings) -> None:
    """Show the article in the drawer of the citations; None closes it."""

    def act(action: dict[str, Any]) -> None:
        if action.get("do") == "close":
            on_close()
        left_out_view.act(library, action)

    content = (
        drawer.article_data(article, s) | left_out_view.drawer_data(library, article, s) if article else None
    )
    drawer.mount(article.id if article else "", content, act, s.articles.article, s)
