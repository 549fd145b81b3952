"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units of the work that `label` names (English, for people)."""

    label: str
    done: int
    total: int
    unit: Literal["bytes", "articles", "steps"] = "steps"


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """Take a progress report and do nothing with it."""
