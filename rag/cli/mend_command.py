"""`python -m rag mend`: set title, outlet, author, date or language of articles."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, progress, say, settings_of
from rag.cli.filter_options import article_ids
from rag.errors import NothingThere
from rag.service import json_output
from rag.service.open_library import open_library
from rag.store.mendings import Mending

Articles = Annotated[list[str], typer.Argument(metavar="ARTICLE...", show_default=False)]
Title = Annotated[str | None, typer.Option(help="The title.")]
Outlet = Annotated[str | None, typer.Option(help='The outlet; "" for none.')]
Author = Annotated[str | None, typer.Option(help='The author; "" for none.')]
Day = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help='The date; "" for none.')]
Language = Annotated[str | None, typer.Option(help="The language, as two letters.")]
Undo = Annotated[bool, typer.Option("--undo", help="Restore what was read.")]


def mend(
    articles: Articles,
    title: Title = None,
    outlet: Outlet = None,
    author: Author = None,
    day: Day = None,
    language: Language = None,
    undo: Undo = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Correct metadata of articles; later ingestions keep the corrections."""
    given = Mending(title=title, outlet=outlet, author=author, published=day, language=language)
    if undo == bool(given.values()):
        raise NothingThere("mend_nothing")
    with open_library(settings_of(data)) as library:
        ids = article_ids(library, articles)
        with progress() as on_progress:
            library.intake.mend(ids, None if undo else given, on_progress)
        mended = [library.reading(one).article for one in ids]
    if as_json:
        print_json([json_output.article(one) for one in mended])
    else:
        say("\n".join(map(json_output.reference, mended)))
