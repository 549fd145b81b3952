"""Summaries of conversations, without their exchanges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Trouble = Literal["full", "locked", "denied", "damaged", "newer", "unknown"]
"""The reason why conversations cannot be stored: the disk is full; another program locks the file; it may not
be written; it is damaged; a newer version of Byline wrote it; another error."""

MAX_TITLE_CHARS = 72
"""Maximum length of a title. Not fitted."""


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A conversation in a list. `chosen` maps a parent, or "", to the id of the version that is shown."""

    id: str
    title: str = ""
    created: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    deleted: datetime | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConversationMatch:
    """A search result; `excerpt` is the matching text, "" where only the title matches."""

    head: Head
    excerpt: str = ""


def title_of(question: str) -> str:
    """The question's first words as a title, cut between words where possible."""
    text = " ".join(question.split())
    if len(text) <= MAX_TITLE_CHARS:
        return text
    cut = (
        text[:MAX_TITLE_CHARS].rsplit(" ", 1)[0]
        if " " in text[MAX_TITLE_CHARS // 2 : MAX_TITLE_CHARS]
        else text[:MAX_TITLE_CHARS]
    )
    return f"{cut.rstrip(' ,;:，；：、')}…"
