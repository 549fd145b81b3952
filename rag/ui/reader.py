"""A whole article at the side, to read: nothing in it is cited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.documents import Article
from rag.ui import drawer
from rag.ui.strings import Strings


def draw(article: Article | None, on_close: Callable[[], None], s: Strings) -> None:
    """Show it in the drawer that citations open in; that is closed where there is none."""

    def act(asked: dict[str, Any]) -> None:
        if asked.get("do") == "close":
            on_close()

    content = drawer.whole(article, s) if article else None
    drawer.mount(article.id if article else "", content, act, s.article, s)
