"""`python -m rag read`: show what is read from a file or an address, without indexing it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, say, settings_of
from rag.cli.left_out_commands import show_lines
from rag.errors import BylineError, NotFetched, Unreadable
from rag.ingestion.urls import is_address
from rag.reading import SUFFIXES, Readers, Reading, ReadRequest
from rag.service import json_output
from rag.types import Skipped
from rag.web.address_policy import AddressPolicy
from rag.web.fetcher import Fetcher

Source = Annotated[str, typer.Argument(metavar="FILE|ADDRESS", show_default=False)]


def read(source: Source, data: Data = None, as_json: AsJson = False) -> None:
    """Show what is read from a file or an address: its articles, and the lines left out."""
    found = False
    for part in _readings(source, data):
        found = found or isinstance(part, Reading)
        if as_json:
            print_json(_as_json(part))
        else:
            _show(part)
    if not found:
        raise SystemExit(1)


def _readings(source: str, data: Path | None) -> Iterator[Reading | Skipped]:
    """Yield the articles and the skipped parts; a file that cannot be read is one skipped part.

    A worker process reads them, with an ingestion's limits on time and memory.
    """
    try:
        with _source_file(source, data) as wanted, closing(Readers()) as readers:
            for chunk in readers([wanted]):
                yield from (Reading(article, chunk.left_out) for article in chunk.articles)
                yield from chunk.skipped
    except BylineError as error:
        yield Skipped(source, error.message)


@contextmanager
def _source_file(source: str, data: Path | None) -> Iterator[ReadRequest]:
    """Describe the file for the worker, after fetching a page into one. Raises Unreadable, NotFetched."""
    if not is_address(source):
        path = Path(source).absolute()
        if path.suffix.lower() not in SUFFIXES:
            raise Unreadable("only_these", suffixes=", ".join(sorted(SUFFIXES)))
        yield ReadRequest(path, str(path), path.suffix)
        return
    settings = settings_of(data)
    page = Fetcher(AddressPolicy(settings.visit), proxy=settings.proxy).fetch(source)
    if page is None or page.suffix not in SUFFIXES:
        raise NotFetched("neither")
    with TemporaryDirectory(prefix="byline-page-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / f"page{page.suffix}"
        path.write_bytes(page.data)
        yield ReadRequest(path, source, page.suffix)


def _as_json(part: Reading | Skipped) -> dict[str, object]:
    if isinstance(part, Skipped):
        return {"source": part.source, "skipped": str(part.reason)}
    left_out = json_output.left_out(part.left_out)
    return {**json_output.article(part.article), "text": part.article.text, "left_out": left_out}


def _show(part: Reading | Skipped) -> None:
    if isinstance(part, Skipped):
        say(f"skipped {part.source}: {part.reason}")
        return
    say(f"{json_output.reference(part.article)}\n\n{part.article.text}\n")
    show_lines(part.left_out)
