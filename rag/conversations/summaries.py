"""Conversations without their exchanges, as they are listed and searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from rag.types import AnswerStyle

Trouble = Literal["full", "locked", "denied", "damaged", "newer", "away", "unknown"]
"""Why conversations cannot be stored, in this order: the disk is full; another program locks the file; access
is denied; the file is damaged; a newer version of Byline wrote it; the server does not answer; another
error."""

MAX_TITLE_CHARACTERS = 72
"""Maximum length of a title. Not fitted."""


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A conversation in a list.

    `chosen` maps a parent's id, or "", to the version that follows it. A `pinned` one stays on top.
    `style` is that of its next answers. `person` is whose it is, None where nobody signs in.
    """

    id: str
    title: str = ""
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    deleted: datetime | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = False
    style: AnswerStyle = AnswerStyle()
    person: str | None = None


@dataclass(frozen=True, slots=True)
class ConversationMatch:
    """A search result; `excerpt` is the matching text, "" if only the title matches."""

    head: Head
    excerpt: str = ""


def title_of(question: str) -> str:
    """Return the first words of a question as a title, cut between words if possible."""
    text = " ".join(question.split())
    if len(text) <= MAX_TITLE_CHARACTERS:
        return text
    cut = text[:MAX_TITLE_CHARACTERS]
    if " " in cut[MAX_TITLE_CHARACTERS // 2 :]:
        cut = cut.rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:，；：、')}…"
