"""Output, progress bars and options that commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from rag.errors import NotPermitted
from rag.progress import OnProgress, Progress
from rag.settings import Settings

errors = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def _inherit(context: typer.Context, data: Path | None) -> Path | None:
    """Return the data folder given after the command's name, or else before it."""
    context.obj = data or context.obj
    folder: Path | None = context.obj
    return folder


Data = Annotated[
    Path | None, typer.Option("--data", callback=_inherit, help="The data folder (or BYLINE_DATA).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings_of(data: Path | None) -> Settings:
    """Return the settings, with this data folder if one is given."""
    return Settings.load(data)


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(text + "\n")


def print_json(value: Any) -> None:
    """Print a value as one line of JSON, and flush: a pipe may be waiting for it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def write_file(path: Path, data: bytes) -> None:
    """Write a file that an option names. Raises NotPermitted."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise NotPermitted("file_not_saved", path=path, why=error.strerror) from error


@contextmanager
def progress() -> Iterator[OnProgress]:
    """Show progress bars on stderr, one for each label."""
    columns = (
        TextColumn("{task.description}", markup=False),  # names of models are no markup
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    bars = Bars(*columns, console=errors)
    tasks: dict[str, Any] = {}

    def show(report: Progress) -> None:
        if not tasks:  # not earlier, because an empty progress display prints a line
            bars.start()
        label = str(report.label)
        if label not in tasks:
            tasks[label] = bars.add_task(label, total=report.total)
        bars.update(tasks[label], completed=report.done, total=report.total)

    try:
        yield show
    finally:
        if tasks:
            bars.stop()
