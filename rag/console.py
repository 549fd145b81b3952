"""What every command of the command line shares: how it prints, and how it shows progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from rag.progress import OnProgress, Progress

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


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
