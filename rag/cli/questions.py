"""The questions of a command, and the notice about its library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.console import errors
from rag.errors import NothingThere

if TYPE_CHECKING:
    from rag.service.shared_library import SharedLibrary

Questions = Annotated[
    Path | None, typer.Option("--file", help='A JSON list of {"q": ...}; one answer a line.')
]


def questions_of(question: str, file: Path | None) -> list[str]:
    """Return the question, or those of a file. Raises NothingThere if one is empty or the file invalid."""
    if file is None:
        if not question.strip():
            raise NothingThere("nothing_asked")
        return [question]
    try:
        rows = json.loads(file.read_text("utf-8-sig"))
        if not isinstance(rows, list):
            raise TypeError
        questions = [str(row["q"]) for row in rows]
    except OSError as error:
        raise NothingThere("file_unreadable", path=file, why=error.strerror) from error
    except (ValueError, TypeError, KeyError) as error:
        raise NothingThere("not_questions", path=file) from error
    if not all(one.strip() for one in questions):
        raise NothingThere("empty_question", path=file)
    return questions


def show_notice(library: SharedLibrary) -> None:
    """Print the notice about the state of the data folder, if there is one, to stderr."""
    if notice := library.notice():
        errors.print(f"byline: {notice}")
