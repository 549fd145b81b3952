"""`python -m rag ingest` and its kin: what comes into the library."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rag.addresses import is_address
from rag.console import AsJson, Data, print_json, progress, say, settings_of
from rag.ingesting import Report
from rag.library import opened
from rag.watching import keep_up

Sources = Annotated[list[str], typer.Argument(metavar="PATH|ADDRESS...", show_default=False)]


def ingest(
    sources: Sources,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: bring in what changes in the folders, until Ctrl-C.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Index articles: files, folders, addresses. What is gone from a folder leaves the library."""
    paths = [Path(source) for source in sources if not is_address(source)]
    addresses = [source for source in sources if is_address(source)]

    def bring_in() -> None:
        with opened(settings_of(data)) as library, progress() as on_progress:
            report = library.intake.ingest(paths, on_progress, addresses=addresses)
        show(report, as_json)

    if watch and paths:
        keep_up(paths, bring_in)
    else:
        bring_in()


def skipped(
    retry: Annotated[bool, typer.Option("--retry", help="Try them again.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List what did not become an article, and why; or try it again."""
    with opened(settings_of(data)) as library, progress() as on_progress:
        if retry:
            report = library.intake.retry(on_progress)
        else:
            left = library.intake.skipped()
    if retry:
        show(report, as_json)
    elif as_json:
        print_json([asdict(one) | {"since": since.isoformat()} for one, since in left])
    else:
        say("\n".join(f"{one.source}: {one.reason}" for one, _ in left) or "Nothing was skipped.")


def show(report: Report, as_json: bool) -> None:
    """Print what an ingestion did."""
    if as_json:
        print_json(asdict(report))
        return
    counts = ("added", "updated", "unchanged", "removed")
    say(", ".join(f"{getattr(report, name)} {name}" for name in counts) + f", {len(report.skipped)} skipped")
    for one in report.skipped:
        say(f"  skipped {one.source}: {one.reason}")
