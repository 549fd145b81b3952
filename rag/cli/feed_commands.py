"""`python -m rag feeds`: subscriptions to RSS and Atom."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, progress, say, settings_of
from rag.cli.ingest import show_report
from rag.service import json_output
from rag.service.open_library import open_library
from rag.store.ledger_rows import Feed

feeds_app = typer.Typer(
    help="Subscriptions to RSS and Atom feeds.", no_args_is_help=True, rich_markup_mode=None
)
Addresses = Annotated[list[str], typer.Argument(metavar="ADDRESS...", show_default=False)]
OptionalAddresses = Annotated[list[str] | None, typer.Argument(metavar="[ADDRESS...]", show_default=False)]


@feeds_app.command("add")
def _add(
    addresses: Addresses,
    every: Annotated[
        int | None,
        typer.Option("--every", min=5, help="Interval between fetches in minutes (or BYLINE_FEEDS)."),
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Subscribe to feeds, given the address of the feed or of a page that links to it."""
    with open_library(settings_of(data)) as library:
        added = [library.feeds.add(address, every) for address in addresses]
    _show(added, as_json)


@feeds_app.command("list")
def _list(data: Data = None, as_json: AsJson = False) -> None:
    """List feeds: when each was last fetched, and its last error."""
    with open_library(settings_of(data)) as library:
        _show(library.feeds.all(), as_json)


@feeds_app.command("remove")
def _remove(addresses: Addresses, data: Data = None, as_json: AsJson = False) -> None:
    """Unsubscribe; the articles stay."""
    with open_library(settings_of(data)) as library:
        for address in addresses:
            library.feeds.remove(address)
    if as_json:
        print_json({"removed": addresses})
    else:
        say("\n".join(f"removed {address}" for address in addresses))


@feeds_app.command("update")
def _update(addresses: OptionalAddresses = None, data: Data = None, as_json: AsJson = False) -> None:
    """Fetch feeds now, all of them if none is named, and index new entries."""
    with open_library(settings_of(data)) as library, progress() as on_progress:
        report = library.feeds.update(addresses or None, on_progress)
        feeds = library.feeds.all()
    if as_json:
        print_json(json_output.report(report) | {"feeds": [json_output.feed(feed) for feed in feeds]})
        return
    show_report(report, as_json=False)
    for feed in feeds:
        if feed.error:
            say(f"  {feed.address}: {feed.error}")


def _show(feeds: list[Feed], as_json: bool) -> None:
    if as_json:
        print_json([json_output.feed(feed) for feed in feeds])
        return
    for feed in feeds:
        fetched = f"{feed.looked:%Y-%m-%d %H:%M} UTC" if feed.looked else "not fetched yet"
        error = f" · {feed.error}" if feed.error else ""
        say(f"{feed.address} · {feed.title or 'untitled'} · every {feed.minutes} min · {fetched}{error}")
    if not feeds:
        say("No subscriptions. Subscribe with: python -m rag feeds add ADDRESS.")
