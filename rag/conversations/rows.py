"""Convert conversations and exchanges to rows of the database and back."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from rag.conversations.exchange import RUNNING, Exchange, from_json, to_json
from rag.conversations.said_words import FTS5, TSVECTOR, SaidWords
from rag.conversations.summaries import Head, now
from rag.store.database import Transaction
from rag.store.processes import is_alive
from rag.types import AnswerStyle

PURGE_AFTER = timedelta(days=7)
"""How long a deleted conversation can be restored. Not fitted."""
HEAD = "c.id, c.title, c.created, c.updated, c.deleted, c.chosen, c.pinned, c.style, c.person"
"""The columns that `head` reads."""

_STYLE = TypeAdapter(AnswerStyle)
_EARLIEST = datetime.fromtimestamp(0, UTC)
_log = logging.getLogger(__name__)


def readable_text(stored: bytes) -> str:
    """Return the text of a column: a damaged letter costs no conversation."""
    return stored.decode("utf-8", "replace")


def head(row: Sequence[Any]) -> Head:
    """Convert a row of the HEAD columns; a damaged time becomes the earliest one."""
    id, title, created, updated, deleted, chosen, pinned, style, person = row
    return Head(
        id=id,
        title=title,
        created=_time(created) or _EARLIEST,
        updated=_time(updated) or _EARLIEST,
        deleted=_time(deleted) if deleted else None,
        chosen=_chosen(chosen),
        pinned=bool(pinned),
        style=_style(style),
        person=person,
    )


def _style(text: str) -> AnswerStyle:
    """Return the style of a JSON text; the usual one if it cannot be read."""
    try:
        return _STYLE.validate_json(text)
    except ValueError:
        return AnswerStyle()


def _time(text: str) -> datetime | None:
    """Return the time of an ISO 8601 text; None if it is damaged."""
    try:
        time = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return time if time.tzinfo else None


def _chosen(text: str) -> dict[str, str]:
    """Return the chosen versions; none, so that the newest are shown, if the text is damaged."""
    try:
        chosen = json.loads(text)
    except (ValueError, TypeError):
        return {}
    return chosen if isinstance(chosen, dict) else {}


def exchange(record: str, *, ended: bool = True) -> Exchange | None:
    """Parse the JSON of an exchange; None if it is invalid.

    Translations that were running are stopped, unless they may not have `ended`.
    """
    try:
        found = from_json(record)
    except (ValueError, TypeError, AttributeError):
        _log.warning("An exchange cannot be read and is left out")
        return None
    if not ended:
        return found
    translations = (replace(t, running=False, stopped=True) if t.running else t for t in found.translations)
    return replace(found, translations=tuple(translations))


def exchanges(records: Iterable[str], *, ended: bool = True) -> list[Exchange]:
    """Return the valid exchanges of a conversation; one whose parent is lost follows the one before."""
    found = dict[str, Exchange]()
    for each in filter(None, (exchange(record, ended=ended) for record in records)):
        lost = each.parent is not None and each.parent not in found
        found[each.id] = replace(each, parent=next(reversed(found), None)) if lost else each
    return list(found.values())


def put(
    db: Transaction,
    heads: Iterable[Head],
    exchanges: Iterable[tuple[str, Exchange]],
    words: SaidWords = FTS5,
    process: str | None = None,
) -> None:
    """Insert or update conversations, then exchanges, each with its conversation's id.

    `process` is the id of this process, which writes the answers that begin.
    """
    for head in heads:
        db.execute(
            "INSERT INTO conversations (id, title, created, updated, deleted, chosen, pinned, style, person)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " title = excluded.title, updated = excluded.updated, deleted = excluded.deleted,"
            " chosen = excluded.chosen, pinned = excluded.pinned, style = excluded.style,"
            " person = excluded.person, revision = conversations.revision + 1",
            (head.id, head.title, head.created.isoformat(), head.updated.isoformat(),
             head.deleted and head.deleted.isoformat(), json.dumps(dict(head.chosen)),
             int(head.pinned), json.dumps(asdict(head.style)), head.person),
        )  # fmt: skip
    for conversation, written in exchanges:
        _put_exchange(db, conversation, written, words, process)


def purge(db: Transaction) -> None:
    """Purge conversations deleted more than PURGE_AFTER ago."""
    db.execute("DELETE FROM conversations WHERE deleted < ?", ((now() - PURGE_AFTER).isoformat(),))


def purge_and_mark(db: Transaction) -> None:
    """Purge, and mark all unfinished answers as cut off."""
    purge(db)
    unfinished = f"SELECT conversation, record FROM exchanges WHERE state IN {RUNNING}"
    mark(db, db.execute(unfinished).fetchall(), FTS5)


def mark_of_ended_processes(db: Transaction) -> None:
    """Mark the answers as cut off that a process was writing which has ended, on a server."""
    alive = f"SELECT 1 FROM processes c WHERE c.id = e.process AND {is_alive()}"
    left = f"SELECT conversation, record FROM exchanges e WHERE process IS NOT NULL AND NOT EXISTS ({alive})"
    mark(db, db.execute(left).fetchall(), TSVECTOR)


def mark(db: Transaction, unfinished: Iterable[tuple[str, str]], words: SaidWords) -> None:
    """Mark answers, given as conversation and record, as cut off."""
    for conversation, record in unfinished:
        if found := exchange(record):
            _put_exchange(db, conversation, replace(found, state="cut_off"), words)
            db.execute("UPDATE conversations SET revision = revision + 1 WHERE id = ?", (conversation,))


def _put_exchange(
    db: Transaction, conversation: str, written: Exchange, words: SaidWords, process: str | None = None
) -> None:
    rated = None if written.rating is None else int(written.rating.good)
    ((number,),) = db.execute(
        "INSERT INTO exchanges (id, conversation, state, rated, record, process) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, rated = excluded.rated,"
        " record = excluded.record,"
        " process = CASE WHEN excluded.process IS NOT NULL"
        " THEN coalesce(exchanges.process, excluded.process) END"
        " RETURNING number",
        (
            written.id,
            conversation,
            written.state,
            rated,
            to_json(written).decode(),
            process if written.running else None,
        ),
    ).fetchall()
    index_words(db, number, written, words)


def index_words(db: Transaction, number: int, written: Exchange, words: SaidWords) -> None:
    """Index an exchange that has ended, by its number."""
    if not written.running:
        words.index(db, number, f"{written.question}\n{written.text}")
