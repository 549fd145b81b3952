"""The manager of all conversations: every one is stored, and those in use are also in memory."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from rag.conversations import rows
from rag.conversations.answers import Answers
from rag.conversations.conversation import Conversation, new_id
from rag.conversations.database_file import MIGRATIONS, DatabaseFile, trouble_of
from rag.conversations.exchange import Exchange
from rag.conversations.full_text_search import excerpt
from rag.conversations.kept_tables import Kept, KeptTables
from rag.conversations.said_words import FTS5, TSVECTOR, SaidWords
from rag.conversations.salvage import salvage
from rag.conversations.server_tables import ServerTables
from rag.conversations.shared_writer import SharedWriter, Stored
from rag.conversations.summaries import ConversationMatch, Head, Trouble
from rag.conversations.write_behind import WriteBehind
from rag.errors import BylineError
from rag.store.database import ServerDatabase, bound
from rag.store.processes import Processes
from rag.text.letters import plain_letters
from rag.types import AnswerStyle

CONVERSATIONS = "conversations.sqlite"
"""The file's name in the data folder."""
MAX_LOADED_CONVERSATIONS = 50
"""Maximum number of conversations in memory; the least recently used is dropped first. Not fitted."""
MAX_MATCHES = 50
"""Maximum number of conversations that a search returns. Not fitted."""

_log = logging.getLogger(__name__)


class Conversations(Kept):
    """The conversations of a file or a server, by the id in the page's URL. Thread safe.

    While it cannot be used, `trouble` is the cause, and conversations stay in memory until they can be
    written. On a server `processes` tells of the others, which change conversations as well; without it
    this one only reads.
    """

    def __init__(
        self, place: Path | ServerDatabase, answers: Answers, processes: Processes | None = None
    ) -> None:
        self._answers = answers
        self._tables = conversation_tables(place)
        self._words: SaidWords = TSVECTOR if self._tables.on_server else FTS5
        self._unreadable: Trouble | None = None
        self._loaded: OrderedDict[str, Conversation] = OrderedDict()
        self._revisions = dict[str, int]()
        self._lock = threading.RLock()
        self._shared = (
            SharedWriter(self._tables, self._words, processes.id, self._loaded.get) if processes else None
        )
        self._writer = self._shared or WriteBehind(self._tables, self._words)
        self._processes = processes
        if processes:
            processes.on_beat(self._look)

    @property
    def trouble(self) -> Trouble | None:
        """The reason why conversations cannot be read or written, None if they can."""
        return self._writer.trouble or self._unreadable

    def busy(self) -> frozenset[str]:
        """Return the ids of the conversations that are being answered."""
        answered = "SELECT DISTINCT conversation FROM exchanges WHERE process IS NOT NULL"
        elsewhere = {str(id) for (id,) in self._rows(answered)} if self._shared else set[str]()
        with self._lock:
            return frozenset(elsewhere | {one.id for one in self._loaded.values() if one.busy})

    def close(self) -> None:
        """Write pending changes and close the file."""
        self._writer.close()
        self._tables.close()

    def get(self, id: str | None) -> Conversation | None:
        """Return the conversation with an id, even a deleted one; None if there is none."""
        if id is None:
            return None
        with self._lock:
            conversation = self._loaded.get(id)
            if conversation and self._shared:
                self._refresh(conversation, self._shared)
            conversation = conversation or self._load(id)
            if conversation is not None:
                self._keep_loaded(conversation)
            return conversation

    def new(self, style: AnswerStyle = AnswerStyle(), person: str | None = None) -> Conversation:
        """Create an empty conversation of a person, which is stored with its first question."""
        with self._lock:
            head = Head(id=new_id(), style=style, person=person)
            conversation = Conversation(head, (), self._answers, self._writer.schedule)
            self._keep_loaded(conversation)
            return conversation

    def heads(self, limit: int = -1, person: str | None = None) -> list[Head]:
        """Return up to `limit` conversations (all if negative) that are not deleted, of a person or all.

        Pinned ones come first, then the newest.
        """
        if self._shared:
            self._shared.flush()
        whose, values = _of(person)
        listed = f"SELECT {rows.HEAD} FROM conversations c WHERE deleted IS NULL AND {whose}"
        sql = f"{listed} ORDER BY pinned DESC, updated DESC LIMIT ?"
        known = {found.id: found for found in map(rows.head, self._rows(sql, (*values, bound(limit))))}
        with self._lock:  # those in memory are newer than the file
            if not self._shared or self.trouble:
                loaded = [c.head for c in self._loaded.values() if c.head.title]
                known |= {head.id: head for head in loaded if person in (None, head.person)}
        ordered = sorted(known.values(), key=lambda one: (one.pinned, one.updated), reverse=True)
        return [one for one in ordered if one.deleted is None][: limit if limit >= 0 else None]

    def search(self, text: str, person: str | None = None) -> list[ConversationMatch]:
        """Return the conversations with a text in their title, or its words in an exchange, newest first.

        They are those of a person, or of all.
        """
        if not text.strip():
            return []
        self._writer.flush()
        whose, values = _of(person)
        titled = (
            f"SELECT {rows.HEAD} FROM conversations c WHERE deleted IS NULL AND instr(fold(title), ?) > 0"
            f" AND {whose} ORDER BY updated DESC LIMIT ?"
        )
        asked = (plain_letters(text.strip()), *values, MAX_MATCHES)
        found = {head.id: ConversationMatch(head) for head in map(rows.head, self._rows(titled, asked))}
        found |= {match.head.id: match for match in self._matching_exchanges(text, person)}
        return sorted(found.values(), key=lambda f: f.head.updated, reverse=True)[:MAX_MATCHES]

    def _matching_exchanges(self, text: str, person: str | None) -> list[ConversationMatch]:
        """Return the conversations with an exchange that contains all words, and an excerpt of the first."""
        matching, query = self._words.matching(text)
        whose, values = _of(person)
        first = f"SELECT min(number) FROM exchanges WHERE number IN ({matching}) GROUP BY conversation"
        sql = (
            f"SELECT {rows.HEAD}, e.record FROM exchanges e JOIN conversations c ON c.id = e.conversation"
            f" WHERE e.number IN ({first}) AND c.deleted IS NULL AND {whose} ORDER BY c.updated DESC LIMIT ?"
        )
        found = []
        for *row, record in self._rows(sql, (query, *values, MAX_MATCHES)) if query else ():
            if exchange := rows.exchange(record):
                found.append(
                    ConversationMatch(rows.head(row), excerpt(f"{exchange.question}\n{exchange.text}", text))
                )
        return found

    def rated(self, *, good: bool) -> list[tuple[Head, Exchange]]:
        """Return the answers rated good or bad, oldest first, each with its conversation."""
        self._writer.flush()
        sql = (
            f"SELECT {rows.HEAD}, e.record FROM exchanges e JOIN conversations c ON c.id = e.conversation"
            " WHERE e.rated = ? AND c.deleted IS NULL ORDER BY e.number"
        )
        found = [(rows.head(row), rows.exchange(record)) for *row, record in self._rows(sql, (int(good),))]
        return [(head, exchange) for head, exchange in found if exchange is not None]

    def _load(self, id: str) -> Conversation | None:
        self._writer.flush()
        head, exchanges = self._read(id)
        if head is None:
            return None
        conversation = Conversation(head, exchanges, self._answers, self._writer.schedule)
        if self._shared:
            self._shared.receive(conversation, lambda: (head, exchanges))
        return conversation

    def _read(self, id: str, *, ended: bool = True) -> Stored:
        heads = self._rows(f"SELECT {rows.HEAD}, c.revision FROM conversations c WHERE id = ?", (id,))
        records = self._rows("SELECT record FROM exchanges WHERE conversation = ? ORDER BY number", (id,))
        if not heads:
            return None, []
        *head, self._revisions[id] = heads[0]
        return rows.head(head), rows.exchanges((record for (record,) in records), ended=ended)

    def _refresh(self, conversation: Conversation, shared: SharedWriter) -> None:
        """Read a conversation again that another process has changed."""
        revision = self._rows("SELECT revision FROM conversations WHERE id = ?", (conversation.id,))
        if revision and revision[0][0] != self._revisions.get(conversation.id):
            shared.receive(conversation, lambda: self._read(conversation.id, ended=False))

    def _look(self) -> None:
        """See how answers go on that other processes write or have stopped; mark those of ended processes."""
        if not self._shared or not self._processes:
            return
        if self._processes.steady:
            with self._tables.transaction() as db:
                rows.mark_of_ended_processes(db)
        with self._lock:
            busy = [one for one in self._loaded.values() if one.busy]
        for conversation in busy:
            self._shared.receive(conversation, partial(self._read_running, conversation))

    def _read_running(self, conversation: Conversation) -> Stored:
        ids = [one.id for one in conversation.all if one.running]
        sql = f"SELECT record FROM exchanges WHERE id IN ({','.join('?' * len(ids))})"
        records = self._rows(sql, ids) if ids else []
        found = (rows.exchange(record, ended=False) for (record,) in records)
        return None, [one for one in found if one]

    def _keep_loaded(self, conversation: Conversation) -> None:
        self._loaded[conversation.id] = conversation
        self._loaded.move_to_end(conversation.id)
        if self.trouble is not None:
            return  # some conversations may exist only in memory
        idle = [c.id for c in self._loaded.values() if not c.busy and c is not conversation]
        for id in idle[: max(0, len(self._loaded) - MAX_LOADED_CONVERSATIONS)]:
            dropped = self._loaded.pop(id)
            if self._shared:
                self._shared.forget(dropped)

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; [] if they cannot be read."""
        try:
            found = self._tables.rows(sql, values)
        except (sqlite3.Error, BylineError) as error:
            if self._unreadable is None:
                _log.warning("Conversations cannot be read: %s", error)
            self._unreadable = trouble_of(error)
            return []
        self._unreadable = None
        return found


def _of(person: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the condition on conversations that they are a person's, and its values; on all for None."""
    return ("c.person = ?", (person,)) if person else ("TRUE", ())


def conversation_tables(place: Path | ServerDatabase) -> KeptTables:
    """Return the tables of conversations: of a file, or of a server."""
    if isinstance(place, Path):
        return DatabaseFile(place, rows.purge_and_mark, salvage=salvage)
    also = files("rag.conversations") / "postgres.sql"
    return ServerTables(place, "conversations", MIGRATIONS, rows.purge, also)
