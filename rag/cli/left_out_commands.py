"""`python -m rag left-out` and `as-is`: the lines that cleaning left out of an article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, progress, say, settings_of
from rag.locales.message import Message
from rag.service import json_output
from rag.service.open_library import open_library
from rag.types import LeftOut

ArticleName = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="Its id, path or address, or part of its title.")
]
Undo = Annotated[bool, typer.Option("--undo", help="Clean it again.")]


def left_out(name: ArticleName, data: Data = None, as_json: AsJson = False) -> None:
    """Show the lines of an article's file that are not in its text, and which step dropped each."""
    with open_library(settings_of(data)) as library:
        record = library.reading(name)
    if as_json:
        print_json(json_output.reading(record))
        return
    say(json_output.reference(record.article))
    if record.as_is:
        say("Taken as it is.")
    if record.left_out is None:
        say("An earlier version has read it: python -m rag reread reads it again.")
    else:
        show_lines(record.left_out)


def as_is(name: ArticleName, undo: Undo = False, data: Data = None, as_json: AsJson = False) -> None:
    """Reread an article without cleaning it, now and in future; or clean it again."""
    with open_library(settings_of(data)) as library:
        article = library.reading(name).article
        with progress() as on_progress:
            library.intake.take_as_is(article.id, not undo, on_progress)
        record = library.reading(article.id)
    if as_json:
        print_json(json_output.reading(record))
    else:
        say(f"{json_output.reference(record.article)}\n{'Cleaned again.' if undo else 'Taken as it is.'}")


def show_lines(lines: Sequence[LeftOut]) -> None:
    """Print lines, each after the step that dropped it."""
    say(f"{len(lines)} lines left out:")
    for line in lines:
        say(f"  {Message(f'left_out_{line.step}')}: {line.text}")
