"""`python -m rag keys`: the keys of the API. They work beside a running app, which notices at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, say, settings_of
from rag.errors import NothingThere
from rag.service.api_keys import ApiKey, ApiKeys
from rag.service.open_library import open_library
from rag.settings import Settings
from rag.text.letters import plain_letters

keys_app = typer.Typer(
    help="Keys of the API, with which programs and assistants ask this library.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
Scope = Annotated[
    list[str] | None,
    typer.Option("--collection", metavar="COLLECTION", help="All that the key may see; may be repeated."),
]
Groups = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="GROUP", help="See only what this group may see; may be repeated."),
]


@keys_app.callback()
def _keys(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        _list(data, as_json)


@keys_app.command("new")
def _new(
    name: Name, collection: Scope = None, group: Groups = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Make a key and show it, once. Without collection or group it is for all articles, and may add some."""
    settings = settings_of(data)
    scope = _known(settings, collection or [])
    key = ApiKeys(settings.data).create(name, scope, group or [])
    if as_json:
        print_json({"name": name, "key": key, "collections": list(scope) or None, "groups": group})
        return
    say(key)
    say("Keep it now: it is not shown again. Programs send it as: Authorization: Bearer KEY")


@keys_app.command("list")
def _list(data: Data = None, as_json: AsJson = False) -> None:
    """List the names of the keys, and what each may see."""
    keys = ApiKeys(settings_of(data).data).all()
    if as_json:
        print_json([_described(key) for key in keys])
        return
    for key in keys:
        seen = [*(key.collections or ["all articles"]), *(f"of group {name}" for name in key.groups or ())]
        say(f"{key.name} · {', '.join(seen)} · {key.created:%Y-%m-%d}")
    if not keys:
        say("No keys. Make one with: python -m rag keys new NAME")


@keys_app.command("revoke")
def _revoke(name: Name, data: Data = None, as_json: AsJson = False) -> None:
    """Revoke a key: the next request with it is refused."""
    ApiKeys(settings_of(data).data).revoke(name)
    if as_json:
        print_json({"revoked": name})
    else:
        say(f"revoked {name}")


def _known(settings: Settings, names: list[str]) -> tuple[str, ...]:
    """Return the stored spelling of collections' names. Raises NothingThere."""
    if not names:
        return ()
    with open_library(settings) as library:
        stored = {plain_letters(one.name): one.name for one in library.collections.all()}
    for name in names:
        if plain_letters(name) not in stored:
            known = ", ".join(stored.values()) or "–"
            raise NothingThere("no_such_collection", name=name, names=known)
    return tuple(stored[plain_letters(name)] for name in names)


def _described(key: ApiKey) -> dict[str, object]:
    return asdict(key) | {"created": key.created.isoformat()}
