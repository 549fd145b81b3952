"""Convert conversations and exchanges to rows of the database and back."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from rag.conversations.exchange import RUNNING, Exchange, from_json, to_json
from rag.conversations.summaries import Head, now
from rag.store.keyword_terms import index_text
from rag.types import AnswerStyle

PURGE_AFTER = timedelta(days=7)
"""How long a deleted conversation can be restored. Not fitted."""
HEAD = "c.id, c.title, c.created, c.updated, c.deleted, c.chosen, c.pinned, c.style"
"""The columns that `head` reads."""

_STYLE = TypeAdapter(AnswerStyle)
_log = logging.getLogger(__name__)


def head(row: Sequence[Any]) -> Head:
    """Convert a row of the HEAD columns."""
    id, title, created, updated, deleted, chosen, pinned, style = row
    return Head(
        id=id,
        title=title,
        created=datetime.fromisoformat(created),
        updated=datetime.fromisoformat(updated),
        deleted=datetime.fromisoformat(deleted) if deleted else None,
        chosen=json.loads(chosen),
        pinned=bool(pinned),
        style=_style(style),
    )


def _style(text: str) -> AnswerStyle:
    """Return the style of a JSON text; the usual one if it cannot be read."""
    try:
        return _STYLE.validate_json(text)
    except ValueError:
        return AnswerStyle()


def exchange(record: str) -> Exchange | None:
    """Parse the JSON of an exchange and mark interrupted translations as stopped; None if it is invalid."""
    try:
        found = from_json(record)
    except ValueError:
        _log.warning("An exchange cannot be read and is left out")
        return None
    ended = (replace(t, running=False, stopped=True) if t.running else t for t in found.translations)
    return replace(found, translations=tuple(ended))


def put(db: sqlite3.Connection, heads: Iterable[Head], exchanges: Iterable[tuple[str, Exchange]]) -> None:
    """Insert or update conversations, then exchanges, each with its conversation's id."""
    for head in heads:
        db.execute(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " title = excluded.title, updated = excluded.updated, deleted = excluded.deleted,"
            " chosen = excluded.chosen, pinned = excluded.pinned, style = excluded.style",
            (head.id, head.title, head.created.isoformat(), head.updated.isoformat(),
             head.deleted and head.deleted.isoformat(), json.dumps(dict(head.chosen)),
             int(head.pinned), json.dumps(asdict(head.style))),
        )  # fmt: skip
    for conversation, written in exchanges:
        _put_exchange(db, conversation, written)


def purge_and_mark(db: sqlite3.Connection) -> None:
    """Purge conversations deleted more than PURGE_AFTER ago; mark interrupted answers as cut off."""
    db.execute("DELETE FROM conversations WHERE deleted < ?", ((now() - PURGE_AFTER).isoformat(),))
    unfinished = f"SELECT conversation, record FROM exchanges WHERE state IN {RUNNING}"
    for conversation, record in db.execute(unfinished).fetchall():
        if found := exchange(record):
            _put_exchange(db, conversation, replace(found, state="cut_off"))


def _put_exchange(db: sqlite3.Connection, conversation: str, written: Exchange) -> None:
    rated = None if written.rating is None else int(written.rating.good)
    ((number,),) = db.execute(
        "INSERT INTO exchanges (id, conversation, state, rated, record) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, rated = excluded.rated,"
        " record = excluded.record RETURNING number",
        (written.id, conversation, written.state, rated, to_json(written).decode()),
    ).fetchall()
    if not written.running:
        words = index_text(f"{written.question}\n{written.text}")
        db.execute("DELETE FROM words WHERE rowid = ?", (number,))
        db.execute("INSERT INTO words (rowid, said) VALUES (?, ?)", (number, words))
