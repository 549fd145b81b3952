"""What requests read of a library, within their access, as JSON."""

from __future__ import annotations

from typing import Any

from rag.api.access import Access
from rag.api.questions import Listing, Search
from rag.errors import NothingThere
from rag.library import Library
from rag.service import json_output
from rag.store.article_list import ArticleQuery, ListedArticle
from rag.types import Filters

Json = dict[str, Any]


def search(library: Library, access: Access, asked: Search) -> Json:
    """Search for passages; the shape is that of `search --json`. Raises NothingThere."""
    hits = library.search(asked.question, asked.k, asked.filters(access))
    about = {"question": asked.question, "language": library.language_of(asked.question)}
    return access.told({**about, "passages": json_output.passages(hits)})


def articles(library: Library, access: Access, wanted: Listing) -> Json:
    """Return a page of the list of articles, and the number of all. Raises NothingThere."""
    filters = library.collections.resolved(wanted.filters(access))
    query = ArticleQuery(
        words=wanted.words, filters=filters, order=wanted.order, descending=wanted.descending
    )
    rows = library.listing.page(query, wanted.limit, wanted.offset)
    return {"count": library.listing.count(query), "articles": [_listed(row) for row in rows]}


def article(library: Library, access: Access, id: str) -> Json:
    """Return an article with its text. Raises NothingThere, also for one that may not be seen."""
    query = ArticleQuery(filters=access.bounded(Filters(articles=(id,))))
    found = library.article(id) if library.listing.count(query) else None
    if found is None:
        raise NothingThere("no_such_article", wanted=id)
    return {**json_output.article(found), "text": found.text}


def collections(library: Library, access: Access) -> list[Json]:
    """List the collections that may be seen."""
    found = map(json_output.collection, library.collections.all(access.bounded()))
    return [{**one, "groups": None} if access.limited else one for one in found]


def _listed(row: ListedArticle) -> Json:
    return {
        **json_output.article(row.article),
        "passages": row.passages,
        "added": row.added.isoformat(),
        "copies": [json_output.article(copy) for copy in row.copies],
    }
