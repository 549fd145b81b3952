"""All conversations: those in use in memory, all of them in their file."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.conversations import rows
from rag.conversations.conversation import Answers, Conversation, new_id
from rag.conversations.exchange import Exchange
from rag.conversations.file import ConversationFile, trouble_of
from rag.conversations.keeper import Keeper
from rag.conversations.records import Found, Head, Trouble
from rag.conversations.searching import excerpt, match
from rag.store.words import fold

LOADED = 50
"""Conversations held in memory; the one that was used least recently goes first."""
_FOUND = 50  # conversations that a search lists

_log = logging.getLogger(__name__)


class Conversations:
    """The conversations of a data folder, by the id that stands in the page's address.

    Any thread may call it. Where the file cannot be used they are held in memory, and `trouble` says why:
    the app goes on, and what was not written is, as soon as that is possible.
    """

    def __init__(self, path: Path, answers: Answers) -> None:
        self._answers = answers
        self._file = ConversationFile(path, rows.settle)
        self._keeper = Keeper(self._file)
        self._unreadable: Trouble | None = None
        self._loaded: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = threading.RLock()

    @property
    def trouble(self) -> Trouble | None:
        """Why conversations are not being kept or listed, None while they are."""
        return self._keeper.trouble or self._unreadable

    @property
    def aside(self) -> Path | None:
        """The damaged file that was moved aside, where one was."""
        return self._file.aside

    def busy(self) -> frozenset[str]:
        """The conversations that are being answered."""
        with self._lock:
            return frozenset(one.id for one in self._loaded.values() if one.busy)

    def close(self) -> None:
        """Write what is not written yet and close the file."""
        self._keeper.close()
        self._file.close()

    def get(self, id: str | None) -> Conversation | None:
        """The conversation of this id, deleted or not; None where there is none."""
        if id is None:
            return None
        with self._lock:
            conversation = self._loaded.get(id) or self._load(id)
            if conversation is not None:
                self._hold(conversation)
            return conversation

    def new(self) -> Conversation:
        """A new, empty conversation: it is kept from its first question on."""
        with self._lock:
            conversation = Conversation(Head(id=new_id()), (), self._answers, self._keeper.keep)
            self._hold(conversation)
            return conversation

    def heads(self, limit: int = -1) -> list[Head]:
        """The newest conversations first, without the deleted ones; all of them where `limit` is negative."""
        sql = f"SELECT {rows.HEAD} FROM conversations c WHERE deleted IS NULL ORDER BY updated DESC LIMIT ?"
        known = {found.id: found for found in map(rows.head, self._rows(sql, (limit,)))}
        with self._lock:  # they are ahead of the file
            known |= {c.id: c.head for c in self._loaded.values() if c.exchanges}
        listed = sorted(known.values(), key=lambda one: one.updated, reverse=True)
        return [one for one in listed if one.deleted is None][: limit if limit >= 0 else None]

    def search(self, text: str) -> list[Found]:
        """The conversations that say all of these words in title, questions or answers, newest first."""
        if not text.strip():
            return []
        self._keeper.flush()
        titled = (
            f"SELECT {rows.HEAD} FROM conversations c WHERE deleted IS NULL AND instr(fold(title), ?)"
            " ORDER BY updated DESC LIMIT ?"
        )
        named = [rows.head(row) for row in self._rows(titled, (fold(text.strip()), _FOUND))]
        found = {one.id: Found(one) for one in named} | {f.head.id: f for f in self._saying(text)}
        return sorted(found.values(), key=lambda f: f.head.updated, reverse=True)[:_FOUND]

    def _saying(self, text: str) -> list[Found]:
        """The conversations with an exchange that says all the words; the first such one is quoted."""
        query = match(text)
        sql = (
            f"SELECT {rows.HEAD}, e.record, min(e.number) FROM words w JOIN exchanges e ON e.number = w.rowid"
            " JOIN conversations c ON c.id = e.conversation WHERE words MATCH ? AND c.deleted IS NULL"
            " GROUP BY c.id ORDER BY c.updated DESC LIMIT ?"  # SQLite takes the record of the least number
        )
        found = []
        for *row, record, _ in self._rows(sql, (query, _FOUND)) if query else ():
            if exchange := rows.exchange(record):
                found.append(Found(rows.head(row), excerpt(f"{exchange.question}\n{exchange.text}", text)))
        return found

    def rated(self, *, good: bool) -> list[tuple[Head, Exchange]]:
        """The answers that were rated so, oldest first, each with its conversation."""
        self._keeper.flush()
        sql = (
            f"SELECT {rows.HEAD}, e.record FROM exchanges e JOIN conversations c ON c.id = e.conversation"
            " WHERE e.rated = ? AND c.deleted IS NULL ORDER BY e.number"
        )
        found = [(rows.head(row), rows.exchange(record)) for *row, record in self._rows(sql, (int(good),))]
        return [(head, exchange) for head, exchange in found if exchange is not None]

    def _load(self, id: str) -> Conversation | None:
        self._keeper.flush()
        heads = self._rows(f"SELECT {rows.HEAD} FROM conversations c WHERE id = ?", (id,))
        records = self._rows("SELECT record FROM exchanges WHERE conversation = ? ORDER BY number", (id,))
        exchanges = [exchange for (record,) in records if (exchange := rows.exchange(record)) is not None]
        if not heads:
            return None
        return Conversation(rows.head(heads[0]), exchanges, self._answers, self._keeper.keep)

    def _hold(self, conversation: Conversation) -> None:
        self._loaded[conversation.id] = conversation
        self._loaded.move_to_end(conversation.id)
        if self.trouble is not None:
            return  # memory may be all there is
        idle = [c.id for c in self._loaded.values() if not c.busy and c is not conversation]
        for id in idle[: max(0, len(self._loaded) - LOADED)]:
            del self._loaded[id]

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of the file; none where it cannot be read."""
        try:
            found = self._file.rows(sql, values)
        except sqlite3.Error as error:
            if self._unreadable is None:
                _log.warning("Conversations cannot be read: %s", error)
            self._unreadable = trouble_of(error)
            return []
        self._unreadable = None
        return found
