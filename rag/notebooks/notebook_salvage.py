"""Salvage: copies from a damaged file of notebooks what can still be read."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from rag.conversations.rows import readable_text
from rag.notebooks.entries import from_json
from rag.store.salvaged_rows import rows_from_either_end

_NOTEBOOKS = "SELECT rowid, id, name, key, used, deleted FROM notebooks NOT INDEXED ORDER BY rowid"
_OF_PEOPLE = _NOTEBOOKS.replace("deleted FROM", "deleted, person FROM")
"""The notebooks of a file of user_version 2."""
_ENTRIES = (
    "SELECT rowid, id, notebook, place, origin, deleted, record FROM entries NOT INDEXED ORDER BY rowid"
)
_REPLACEMENT = "\ufffd"
"""The character that stands for bytes that are no text; see readable_text."""
_log = logging.getLogger(__name__)


def salvage(damaged: Path, db: sqlite3.Connection) -> None:
    """Copy the readable notebooks and entries of a damaged file; they replace those of the backup.

    An entry with damaged letters replaces none; nor does one that only differs as overwritten bytes do.
    """
    if not damaged.exists():
        return
    saved = 0
    with suppress(sqlite3.Error), closing(sqlite3.connect(damaged)) as old:
        old.text_factory = readable_text
        found = rows_from_either_end(old, _OF_PEOPLE) or rows_from_either_end(old, _NOTEBOOKS)
        for _, *notebook in found:
            row = (*notebook, None)[:6]
            db.execute("INSERT OR IGNORE INTO notebooks VALUES (?, ?, ?, ?, ?, ?)", row)
        known = {id for (id,) in db.execute("SELECT id FROM notebooks")}
        kept = dict(db.execute("SELECT id, record FROM entries").fetchall())
        for _, *entry in rows_from_either_end(old, _ENTRIES):
            if entry[1] in known and _is_readable(entry[0], entry[-1]):
                kind = "IGNORE" if _is_altered(entry[-1], kept.get(entry[0], "")) else "REPLACE"
                values = "VALUES (?, ?, ?, ?, ?, ?)"
                saved += db.execute(f"INSERT OR {kind} INTO entries {values}", entry).rowcount
    _log.warning("%d entries were copied from %s", saved, damaged)


def _is_readable(id: str, record: str) -> bool:
    """Tell whether a record is an entry, and that of the row's id."""
    try:
        return from_json(record).id == id
    except ValueError:
        return False


def _is_altered(record: str, kept: str) -> bool:
    """Tell whether bytes of a record were overwritten, rather than its text edited."""
    return _REPLACEMENT in record or (len(record) == len(kept) and record != kept)
