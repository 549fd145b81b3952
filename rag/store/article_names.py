"""Find an article by id, source or title."""

from __future__ import annotations

from rag.errors import NothingThere
from rag.store.ledger import Ledger
from rag.types import ArticleInfo


def find_article(ledger: Ledger, name: str) -> ArticleInfo:
    """Return the article that `name` denotes: an id, a source or its end, or part of a title.

    Raises NothingThere unless exactly one article matches.
    """
    found = ledger.named(name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NothingThere("no_such_article", wanted=name)
    names = "; ".join(info.source for info in found[:5])
    raise NothingThere("which_article", wanted=name, names=names)
