"""Find the article that somebody has named."""

from __future__ import annotations

from rag.errors import NothingThere
from rag.store.ledger import Ledger
from rag.types import ArticleInfo


def find_article(ledger: Ledger, wanted: str) -> ArticleInfo:
    """Return the article `wanted`: an id, a source or its end, or part of a title.

    Raises NothingThere where no article, or more than one, matches.
    """
    found = ledger.named(wanted)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NothingThere("no_such_article", wanted=wanted)
    names = "; ".join(info.source for info in found[:5])
    raise NothingThere("which_article", wanted=wanted, names=names)
