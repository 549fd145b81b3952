"""The lines that cleaning has removed from an article, listed below it in the drawer."""

from __future__ import annotations

from functools import partial
from typing import Any

from rag.library import Library
from rag.locales.message import Message, render
from rag.store.left_out import ReadingRecord
from rag.types import Article
from rag.ui import change_job
from rag.ui.strings import Strings

MAX_LINES = 1000
"""Maximum number of lines sent with each redrawing of the page; others are counted. Not fitted."""


def drawer_data(library: Library, article: Article | None, s: Strings) -> dict[str, Any]:
    """Return the part of the drawer's data that left_out.js draws."""
    left = payload(library.records.of(article), s, may_edit=library.may_edit) if article else None
    return {"left": left}


def payload(record: ReadingRecord, s: Strings, *, may_edit: bool = True) -> dict[str, Any]:
    """Return the lines, each with the step that dropped it, and the action on offer to those who may."""
    lines = record.left_out or ()
    if record.as_is:
        status = s.drawer.taken_as_is
    elif record.left_out is None:
        status = s.drawer.left_out_unknown
    else:
        status = s.drawer.left_out.format(len(lines)) if lines else s.drawer.left_out_none
    return {
        "id": record.article.id,
        "status": status,
        "lines": [
            {"t": line.text, "why": render(Message(f"left_out_{line.step}"), s.language)}
            for line in lines[:MAX_LINES]
        ],
        "more": s.drawer.left_out_more.format(len(lines) - MAX_LINES) if len(lines) > MAX_LINES else "",
        "offer": (s.drawer.clean_again if record.as_is else s.drawer.take_as_is) if may_edit else "",
        "offer_more": s.drawer.take_as_is_more if may_edit and not record.as_is else "",
        "as_is": not record.as_is,
    }


def act(library: Library, action: dict[str, Any]) -> None:
    """Perform the drawer's action: take an article as it is, or clean it again."""
    match action:
        case {"do": "as_is", "id": str(id), "as_is": bool(as_is)}:
            change_job.begin(partial(library.intake.take_as_is, id, as_is))
