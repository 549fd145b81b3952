"""Copy conversations from a file to a server or back, and compare the two."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from rag.conversations import rows
from rag.conversations.manager import conversation_tables
from rag.conversations.said_words import FTS5, TSVECTOR
from rag.store.database import ServerDatabase, Transaction
from rag.store.row_copy import Row, Tables, copy_rows

TABLES: Tables = {
    "conversations": ("id, title, created, updated, deleted, chosen, pinned, style, person, revision", "id"),
    "exchanges": ("number, id, conversation, state, rated, record, process", "number"),
}
"""See row_copy; the words are indexed anew."""
_TAKE_NUMBERS = (
    "SELECT setval(pg_get_serial_sequence('exchanges', 'number'),"
    " coalesce((SELECT max(number) FROM exchanges), 0) + 1, FALSE)"
)


def copy_conversations(source: Path | ServerDatabase, target: Path | ServerDatabase) -> int:
    """Copy the conversations that the target lacks; see copy_rows. Return their number."""
    words = FTS5 if isinstance(target, Path) else TSVECTOR

    def index(db: Transaction, table: str, row: Row) -> None:
        if table == "exchanges" and (found := rows.exchange(row[5])):
            rows.index_words(db, row[0], found, words)

    with closing(conversation_tables(source)) as original, closing(conversation_tables(target)) as copy:
        copied = copy_rows(original, copy, TABLES, index)
        if copy.on_server:
            copy.rows(_TAKE_NUMBERS)
    return copied
