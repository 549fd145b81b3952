"""Salvage: copies from a damaged file what can still be read and its backup lacks."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from rag.conversations import rows
from rag.conversations.exchange import Exchange
from rag.conversations.summaries import Head, title_of
from rag.store.salvaged_rows import rows_from_either_end

_HEADS = f"SELECT c.rowid, {rows.HEAD} FROM conversations c NOT INDEXED ORDER BY c.rowid"
_OLDER_HEADS = _HEADS.replace("c.person", "NULL")
_FIRST_HEADS = _OLDER_HEADS.replace("c.pinned, c.style", "0, '{}'")
"""The heads of files of user_version 2 and 1."""
_ANY_HEADS = (_HEADS, _OLDER_HEADS, _FIRST_HEADS)
_EXCHANGES = "SELECT number, conversation, record FROM exchanges NOT INDEXED ORDER BY number"
_log = logging.getLogger(__name__)


def salvage(damaged: Path, db: sqlite3.Connection) -> None:
    """Copy the readable conversations of a damaged file that `db` lacks, or has in another state."""
    if not damaged.exists():
        return
    kept = dict(db.execute("SELECT id, updated FROM conversations").fetchall())
    heads, exchanges = _read(damaged)
    saved = 0
    for id in dict.fromkeys([*heads, *exchanges]):
        found = exchanges.get(id, [])
        head = heads.get(id) or _head_of(id, found)
        if found and kept.get(id) != head.updated.isoformat():
            rows.put(db, [head], [(id, each) for each in found])
            saved += 1
    _log.warning("%d conversations were copied from %s", saved, damaged)


def _read(damaged: Path) -> tuple[Mapping[str, Head], Mapping[str, list[Exchange]]]:
    """Read the heads and, by conversation, the exchanges of a damaged file, as far as they can be read."""
    heads, exchanges = dict[str, Head](), dict[str, list[Exchange]]()
    with suppress(sqlite3.Error), closing(sqlite3.connect(damaged)) as db:
        db.text_factory = rows.readable_text
        found = next(filter(None, (rows_from_either_end(db, of) for of in _ANY_HEADS)), [])
        for _, id, title, *times in found:
            heads[str(id)] = rows.head([str(id), str(title), *times])
        for _, id, record in rows_from_either_end(db, _EXCHANGES):
            if exchange := rows.exchange(record):
                exchanges.setdefault(str(id), []).append(exchange)
    return heads, exchanges


def _head_of(id: str, exchanges: list[Exchange]) -> Head:
    """Make the head of a conversation whose own is lost."""
    first, last = exchanges[0], exchanges[-1]
    return Head(id=id, title=title_of(first.question), created=first.asked, updated=last.asked)
