"""Links to shared conversations: whoever has signed in and knows one may read the conversation."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from rag.store.database import Database

_LINK_BYTES = 18
"""Random bytes of a link: too many to guess."""


class Shares:
    """The table of links; a conversation has at most one."""

    def __init__(self, database: Database, require_writable: Callable[[], None]) -> None:
        self._rows, self._transaction = database.rows, database.transaction
        self._require_writable = require_writable

    def link(self, conversation: str) -> str:
        """Return the link of a conversation; "" without one."""
        rows = self._rows("SELECT link FROM shares WHERE conversation = ?", (conversation,))
        return str(rows[0][0]) if rows else ""

    def conversation(self, link: str) -> str:
        """Return the id of the conversation that a link leads to; "" for a revoked or unknown link."""
        rows = self._rows("SELECT conversation FROM shares WHERE link = ?", (link,))
        return str(rows[0][0]) if rows else ""

    def share(self, conversation: str) -> str:
        """Return the link of a conversation; make one if it has none."""
        self._require_writable()
        row = (conversation, secrets.token_urlsafe(_LINK_BYTES))
        with self._transaction() as db:
            db.execute("INSERT INTO shares VALUES (?, ?) ON CONFLICT DO NOTHING", row)
        return self.link(conversation)

    def revoke(self, conversation: str) -> None:
        """Let the link of a conversation lead nowhere."""
        self._require_writable()
        with self._transaction() as db:
            db.execute("DELETE FROM shares WHERE conversation = ?", (conversation,))
