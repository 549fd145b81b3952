"""The reader of a conversation: what they may ask about, and what they are shown of its answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rag.conversations.exchange import Exchange
from rag.types import Filters


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reader of a conversation may see: the bounds of a question's filters, and what is shown.

    `shown` also applies to the earlier answers that a follow-up is read with.
    """

    bounded: Callable[[Filters], Filters] = lambda filters: filters
    shown: Callable[[Exchange], Exchange] = lambda exchange: exchange


EVERYTHING = Reader()
"""A reader from whom nothing is hidden."""
