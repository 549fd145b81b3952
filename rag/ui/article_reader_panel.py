"""An article in the drawer, without citations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.library import Library
from rag.types import Article
from rag.ui import drawer, left_out_view, mending_dialog, opened
from rag.ui.strings import Strings


def draw(
    library: Library,
    article: Article | None,
    on_close: Callable[[], None],
    s: Strings,
    quoted: drawer.Span = (0, 0),
) -> None:
    """Show the article in the drawer with a span of it highlighted; None closes the drawer."""

    def act(action: dict[str, Any]) -> None:
        if action.get("do") in ("close", "mend"):  # on a phone, the drawer would cover the dialog
            on_close()
        left_out_view.act(library, action)
        mending_dialog.act(action)

    content = None
    opened.record(library, article)
    if article:
        content = drawer.article_data(article, s, quoted) | left_out_view.drawer_data(library, article, s)
        content["mend"] = s.mending.mend if library.may_edit else ""
        content["credits"] += [s.mending.mended] * bool(library.mendings.read(article.id))
    source = f"{article.id} {quoted[0]}" if article and any(quoted) else article.id if article else ""
    drawer.mount(source, content, act, s.articles.article, s)
