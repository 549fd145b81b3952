"""The options of the commands that search only some of the articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import NothingThere
from rag.types import Filters

if TYPE_CHECKING:
    from rag.service.shared_library import SharedLibrary

Languages = Annotated[list[str] | None, typer.Option(help="Only this language; may be repeated.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles of this day or later.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles of this day or earlier.")
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="Only this outlet, or this in the path or address; may be repeated."),
]
Articles = Annotated[
    list[str] | None,
    typer.Option(
        "--article", metavar="ARTICLE", help="Only this article, by id, path or title; may be repeated."
    ),
]

InCollections = Annotated[
    list[str] | None,
    typer.Option("--collection", metavar="NAME", help="Only this collection; may be repeated."),
]


def filters_of(
    languages: list[str] | None,
    since: datetime | None,
    until: datetime | None,
    sources: list[str] | None,
    collections: list[str] | None,
) -> Filters:
    """Return the filters that the options name. Raises NothingThere for days in the wrong order."""
    if since and until and since > until:
        raise NothingThere("no_days_between", since=f"{since:%Y-%m-%d}", until=f"{until:%Y-%m-%d}")
    return Filters(
        languages=tuple(languages or ()),
        since=since and since.date(),
        until=until and until.date(),
        sources=tuple(sources or ()),
        collections=tuple(collections or ()),
    )


def article_ids(library: SharedLibrary, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the ids of articles. Raises NothingThere; see find_article."""
    return tuple(dict.fromkeys(library.reading(one).article.id for one in wanted or ()))
