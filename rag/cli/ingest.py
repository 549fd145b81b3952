"""`python -m rag ingest`, `reread` and `skipped`: index articles, list those that were skipped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, errors, print_json, progress, say, settings_of
from rag.ingestion.folder_watcher import watch_folders
from rag.ingestion.report import Report
from rag.ingestion.urls import is_address
from rag.service import json_output
from rag.service.open_library import open_library
from rag.text.splitter import MAX_PASSAGES

Sources = Annotated[list[str], typer.Argument(metavar="PATH|ADDRESS...", show_default=False)]


def ingest(
    sources: Sources,
    watch: Annotated[
        bool, typer.Option("--watch", help="Keep watching the folders and index changes until Ctrl-C.")
    ] = False,
    collection: Annotated[
        str, typer.Option(metavar="NAME", help="Add the articles to this collection.")
    ] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Index files, folders and addresses. Files deleted from a folder leave the library."""
    paths = [Path(source) for source in sources if not is_address(source)]
    addresses = [source for source in sources if is_address(source)]

    def index() -> None:
        with open_library(settings_of(data)) as library, progress() as on_progress:
            report = library.intake.ingest(paths, on_progress, addresses=addresses, collection=collection)
            notice = library.notice()
        show_report(report, as_json)
        if notice:
            errors.print(f"byline: {notice}")

    if watch and paths:
        watch_folders(paths, index)
    else:
        index()


def reread(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list the articles that would change.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Reread files that an earlier version of Byline has read; only changed articles are indexed again."""
    with open_library(settings_of(data)) as library, progress() as on_progress:
        if dry_run:
            differing = library.intake.differing(on_progress)
        else:
            report = library.intake.reread(on_progress)
    if not dry_run:
        show_report(report, as_json)
    elif as_json:
        print_json({"differing": [json_output.article(one) for one in differing]})
    else:
        say("\n".join(map(json_output.reference, differing)) or "No article would be read differently.")


def skipped(
    retry: Annotated[bool, typer.Option("--retry", help="Try them again.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List files and pages that were not indexed, with the reason; or try them again."""
    with open_library(settings_of(data)) as library, progress() as on_progress:
        if retry:
            report = library.intake.retry(on_progress)
        else:
            skipped_files = library.intake.skipped()
    if retry:
        show_report(report, as_json)
    elif as_json:
        print_json([json_output.skipped(one) | {"since": since.isoformat()} for one, since in skipped_files])
    else:
        say("\n".join(f"{one.source}: {one.reason}" for one, _ in skipped_files) or "Nothing was skipped.")


def show_report(report: Report, as_json: bool) -> None:
    """Print the report of an ingestion."""
    if as_json:
        print_json(json_output.report(report))
        return
    counts = ("added", "updated", "unchanged", "removed")
    say(", ".join(f"{getattr(report, name)} {name}" for name in counts) + f", {len(report.skipped)} skipped")
    for one in report.skipped:
        say(f"  skipped {one.source}: {one.reason}")
    for short in report.shortened:
        say(f"  {short.share:.0%} left out of {short.source}: python -m rag left-out shows the lines")
    for long in report.overlong:
        say(
            f"  the last {long.share:.0%} of {long.source} are kept, but not searched: it has more than"
            f" {MAX_PASSAGES:,} passages. Split the file, and all of it is found."
        )
    if report.outdated:
        say(
            f"{report.outdated} files or pages were read by an earlier version. python -m rag reread reads"
            " them again; with --dry-run it names the articles that would change."
        )
