"""What the shelf tells of a conversation without its exchanges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Trouble = Literal["full", "locked", "denied", "damaged", "newer", "unknown"]
"""Why conversations are not being kept: no space; another program holds the file; it may not be written;
it is damaged (what could not be read was moved aside); a newer Byline wrote it; something else."""

_TITLE = 72  # characters


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A conversation in a list. `chosen` names the version that is shown: {parent or "": exchange}."""

    id: str
    title: str = ""
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    deleted: datetime | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation that a search found; `excerpt` is where, "" where only its title says it."""

    head: Head
    excerpt: str = ""


def title_of(question: str) -> str:
    """A title made from a question: its first words, cut between two of them where that goes."""
    text = " ".join(question.split())
    if len(text) <= _TITLE:
        return text
    cut = text[:_TITLE].rsplit(" ", 1)[0] if " " in text[_TITLE // 2 : _TITLE] else text[:_TITLE]
    return f"{cut.rstrip(' ,;:，；：、')}…"
