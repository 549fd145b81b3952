"""`python -m rag feeds`: subscriptions to RSS and Atom."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from rag.console import AsJson, Data, print_json, progress, say, settings_of
from rag.intake_commands import show
from rag.library import opened
from rag.store import Feed

feeds_app = typer.Typer(
    help="Subscriptions to RSS and Atom feeds.", no_args_is_help=True, rich_markup_mode=None
)
Addresses = Annotated[list[str], typer.Argument(metavar="ADDRESS...", show_default=False)]
Some = Annotated[list[str] | None, typer.Argument(metavar="[ADDRESS...]", show_default=False)]


@feeds_app.command("add")
def _add(
    addresses: Addresses,
    every: Annotated[
        int | None, typer.Option("--every", min=5, help="Minutes between two looks (or BYLINE_FEEDS).")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Subscribe to feeds, or to those that pages name."""
    with opened(settings_of(data)) as library:
        added = [library.feeds.add(address, every) for address in addresses]
    _give(added, as_json)


@feeds_app.command("list")
def _list(data: Data = None, as_json: AsJson = False) -> None:
    """List feeds: when each was last looked at, and what went wrong."""
    with opened(settings_of(data)) as library:
        _give(library.feeds.all(), as_json)


@feeds_app.command("remove")
def _remove(addresses: Addresses, data: Data = None, as_json: AsJson = False) -> None:
    """Unsubscribe; the articles stay."""
    with opened(settings_of(data)) as library:
        for address in addresses:
            library.feeds.remove(address)
    if as_json:
        print_json({"removed": addresses})
    else:
        say("\n".join(f"removed {address}" for address in addresses))


@feeds_app.command("update")
def _update(addresses: Some = None, data: Data = None, as_json: AsJson = False) -> None:
    """Look at feeds now, all of them if none is named, and bring in what is new."""
    with opened(settings_of(data)) as library, progress() as on_progress:
        report = library.feeds.update(addresses or None, on_progress)
        feeds = library.feeds.all()
    if as_json:
        print_json(asdict(report) | {"feeds": [_shape(feed) for feed in feeds]})
        return
    show(report, as_json=False)
    for feed in feeds:
        if feed.error:
            say(f"  {feed.address}: {feed.error}")


def _give(feeds: list[Feed], as_json: bool) -> None:
    if as_json:
        print_json([_shape(feed) for feed in feeds])
        return
    for feed in feeds:
        looked = f"{feed.looked:%Y-%m-%d %H:%M} UTC" if feed.looked else "not looked at yet"
        wrong = f" · {feed.error}" if feed.error else ""
        say(f"{feed.address} · {feed.title or 'untitled'} · every {feed.minutes} min · {looked}{wrong}")
    if not feeds:
        say("No feed is subscribed to: python -m rag feeds add ADDRESS.")


def _shape(feed: Feed) -> dict[str, Any]:
    return asdict(feed) | {"looked": feed.looked and feed.looked.isoformat()}
