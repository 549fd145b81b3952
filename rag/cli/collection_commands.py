"""`python -m rag collections`: named sets of articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, say, settings_of
from rag.cli.filter_options import article_ids
from rag.errors import NothingThere
from rag.service import json_output
from rag.service.open_library import open_library
from rag.store.article_collections import Collection, collection_named

collections_app = typer.Typer(
    help="Collections: named sets of articles. `ask`, `search` and `ingest` take --collection.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
Articles = Annotated[list[str], typer.Argument(metavar="ARTICLE...", show_default=False)]
OptionalArticles = Annotated[list[str] | None, typer.Argument(metavar="[ARTICLE...]", show_default=False)]


Groups = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="GROUP", help="A group that may see it; may be repeated."),
]
Everybody = Annotated[bool, typer.Option("--everybody", help="Let everybody see it again.")]


@collections_app.callback()
def _collections(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        _list(data, as_json)


@collections_app.command("list")
def _list(data: Data = None, as_json: AsJson = False) -> None:
    """List collections, with their numbers of articles."""
    with open_library(settings_of(data)) as library:
        collections = library.collections.all()
    if as_json:
        print_json([json_output.collection(one) for one in collections])
        return
    _show(collections)
    if not collections:
        say("No collections. Make one with: python -m rag collections add NAME ARTICLE...")


@collections_app.command("add")
def _add(name: Name, articles: Articles, data: Data = None, as_json: AsJson = False) -> None:
    """Add articles (by id, path or title) to a collection; a new name makes a new one."""
    with open_library(settings_of(data)) as library:
        changed = library.collections.add(name, article_ids(library, articles))
    _print_changed(changed, as_json)


@collections_app.command("remove")
def _remove(
    name: Name, articles: OptionalArticles = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Take articles out of a collection; without any, delete the collection. The articles stay."""
    with open_library(settings_of(data)) as library:
        if articles:
            _print_changed(library.collections.discard(name, article_ids(library, articles)), as_json)
            return
        library.collections.delete(name)
    if as_json:
        print_json({"removed": name})
    else:
        say(f"removed {name}")


@collections_app.command("rename")
def _rename(name: Name, to: Name, data: Data = None, as_json: AsJson = False) -> None:
    """Rename a collection."""
    with open_library(settings_of(data)) as library:
        changed = library.collections.rename(name, to)
    _print_changed(changed, as_json)


@collections_app.command("access")
def _access(
    name: Name,
    group: Groups = None,
    everybody: Everybody = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Let only some groups of people see a collection, where people sign in; show which may."""
    with open_library(settings_of(data)) as library:
        if group or everybody:
            _print_changed(library.collections.restrict(name, [] if everybody else group or []), as_json)
            return
        collections = library.collections.all()
    known = collection_named(name, collections)
    if not known:
        raise NothingThere("no_such_collection", name=name, names=", ".join(one.name for one in collections))
    _print_changed(known, as_json)


def _print_changed(changed: Collection, as_json: bool) -> None:
    if as_json:
        print_json(json_output.collection(changed))
    else:
        _show([changed])


def _show(collections: Sequence[Collection]) -> None:
    for one in collections:
        groups = f" · only {', '.join(one.groups)}" if one.groups else ""
        say(f"{one.name} · {one.articles} {'article' if one.articles == 1 else 'articles'}{groups}")
