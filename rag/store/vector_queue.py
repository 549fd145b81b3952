"""The articles without vectors as a queue: of this process alone, or shared by several on a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.store.ledger import Ledger


class VectorQueue(Protocol):
    """Articles are taken, embedded, and given back. What a process had taken that has ended is free again."""

    def left_to_workers(self) -> bool:
        """Tell whether workers are running, so that this process leaves the articles to them."""

    def take(self, limit: int, without: Sequence[str] = ()) -> list[str]:
        """Take up to `limit` articles without vectors that no other has taken, oldest first.

        Articles with a passage in one of the shards `without` are left alone.
        """

    def take_among(self, articles: Sequence[str]) -> list[str]:
        """Take those of the articles that have no vectors, and that no other has taken."""

    def give_back(self, articles: Sequence[str]) -> None:
        """Let others take articles, if they still have no vectors."""


class OwnQueue:
    """The queue of a process that has the library alone."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def left_to_workers(self) -> bool:
        """Return False."""
        return False

    def take(self, limit: int, without: Sequence[str] = ()) -> list[str]:
        """Return articles without vectors."""
        return self._ledger.pending(limit, without)

    def take_among(self, articles: Sequence[str]) -> list[str]:
        """Return those without vectors."""
        return self._ledger.pending_among(articles)

    def give_back(self, articles: Sequence[str]) -> None:
        """Do nothing."""
