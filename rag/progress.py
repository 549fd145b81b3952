"""Progress reports of long operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rag.locales.message import Message


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units of the operation that `label` names."""

    label: Message
    done: int
    total: int
    unit: Literal["bytes", "articles", "steps"] = "steps"


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """Discard a progress report."""
