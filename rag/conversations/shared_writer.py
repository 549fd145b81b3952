"""Writing of conversations that other processes of Byline change as well, on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rag.conversations import rows
from rag.conversations.conversation import Conversation
from rag.conversations.exchange import Exchange
from rag.conversations.kept_tables import KeptTables
from rag.conversations.merging import merged_exchange, merged_head
from rag.conversations.said_words import SaidWords
from rag.conversations.summaries import Head
from rag.conversations.write_behind import Batch, WriteBehind
from rag.store.database import Transaction

Stored = tuple[Head | None, list[Exchange]]
"""What is stored of a conversation: its head, None if unknown, and exchanges."""


class SharedWriter(WriteBehind):
    """Merges this process's changes with those that others have stored since it last read or wrote.

    `process` is the id of this process, `loaded` returns a conversation in memory, which receives what was
    merged.
    """

    def __init__(
        self, tables: KeptTables, words: SaidWords, process: str, loaded: Callable[[str], Conversation | None]
    ) -> None:
        self._process, self._loaded = process, loaded
        self._known_heads, self._known = dict[str, Head](), dict[str, Exchange]()
        super().__init__(tables, words)

    def receive(self, conversation: Conversation, read: Callable[[], Stored]) -> None:
        """Give a conversation in memory what is stored of it, without losing changes to be written."""
        with self._writing:
            self._accept(conversation, *read())

    def forget(self, conversation: Conversation) -> None:
        """Forget a conversation that is no longer in memory."""
        with self._writing:
            self._known_heads.pop(conversation.id, None)
            for exchange in conversation.all:
                self._known.pop(exchange.id, None)

    def _put(self, db: Transaction, batch: Batch) -> Batch:
        heads, exchanges = _heads(db, batch.heads), _exchanges(db, batch.exchanges)
        known_heads, known = self._known_heads, self._known
        merged = Batch()
        for id, head in batch.heads.items():
            merged.heads[id] = merged_head(known_heads.get(id), head, heads[id]) if id in heads else head
        for id, (of, mine) in batch.exchanges.items():
            theirs = exchanges.get(id)
            merged.exchanges[id] = of, merged_exchange(known.get(id), mine, theirs) if theirs else mine
        rows.put(db, merged.heads.values(), merged.exchanges.values(), self._words, self._process)
        return merged

    def _stored(self, batch: Batch, stored: Batch) -> None:
        # What was written is what the next changes are compared with; then memory takes over the rest.
        self._known_heads |= batch.heads
        self._known |= {id: mine for id, (_, mine) in batch.exchanges.items()}
        for id, head in stored.heads.items():
            exchanges = [one for of, one in stored.exchanges.values() if of == id]
            if conversation := self._loaded(id):
                self._accept(conversation, head, exchanges)

    def _accept(self, conversation: Conversation, head: Head | None, exchanges: list[Exchange]) -> None:
        conversation.accept(head, exchanges, self._known_heads.get(conversation.id), self._known)
        self._known |= {one.id: one for one in exchanges}
        if head:
            self._known_heads[head.id] = head


def _heads(db: Transaction, ids: Iterable[str]) -> dict[str, Head]:
    found = map(rows.head, _among(db, f"SELECT {rows.HEAD} FROM conversations c WHERE c.id", ids))
    return {head.id: head for head in found}


def _exchanges(db: Transaction, ids: Iterable[str]) -> dict[str, Exchange]:
    records = _among(db, "SELECT record FROM exchanges WHERE id", ids)
    found = (rows.exchange(record, ended=False) for (record,) in records)
    return {exchange.id: exchange for exchange in found if exchange}


def _among(db: Transaction, sql: str, ids: Iterable[str]) -> list[Any]:
    wanted = list(ids)
    return db.execute(f"{sql} IN ({','.join('?' * len(wanted))})", wanted).fetchall() if wanted else []
