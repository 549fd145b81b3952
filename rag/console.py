"""What every command of the command line shares: how it prints, and how it shows progress."""

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

from rag.progress import OnProgress, Progress
from rag.settings import Settings

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
Data = Annotated[Path | None, typer.Option("--data", help="The data folder (or BYLINE_DATA).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


_chosen: dict[str, Path | None] = {"data": None}


def choose_data(data: Path | None) -> None:
    """Take a data folder that was named before the command."""
    _chosen["data"] = data


def settings_of(data: Path | None) -> Settings:
    """The settings; a data folder that was named behind the command counts first."""
    return Settings.load(data or _chosen["data"])


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(text + "\n")


def print_json(value: Any) -> None:
    """Print a value as one line of JSON, at once: a reader may wait for it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@contextmanager
def progress() -> Iterator[OnProgress]:
    """Bars on the terminal's error stream, one for each label."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    bars = Bars(*columns, console=errors)
    tasks: dict[str, Any] = {}

    def show(now: Progress) -> None:
        if not tasks:  # not sooner: bars that show nothing still print a line
            bars.start()
        if now.label not in tasks:
            tasks[now.label] = bars.add_task(now.label, total=now.total)
        bars.update(tasks[now.label], completed=now.done, total=now.total)

    try:
        yield show
    finally:
        if tasks:
            bars.stop()
