"""Merge what two processes of Byline have changed of a conversation or an exchange, field by field."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from rag.conversations.exchange import Exchange
from rag.conversations.summaries import Head


def merged_exchange(base: Exchange | None, mine: Exchange, theirs: Exchange) -> Exchange:
    """Return what another process has stored, with the changes of this one since `base`.

    An answer that another process has stopped stays so.
    """
    changes = _changes(base or mine, mine)
    if theirs.state == "stopped" and (base is None or base.running):
        changes.pop("state", None)
    return replace(theirs, **changes)


def merged_head(base: Head | None, mine: Head, theirs: Head) -> Head:
    """Return what another process has stored, with the changes of this one since `base`."""
    changes = _changes(base or mine, mine)
    changes["updated"] = max(mine.updated, theirs.updated)
    if "chosen" in changes:
        changes["chosen"] = {**theirs.chosen, **mine.chosen}
    return replace(theirs, **changes)


def _changes(before: Exchange | Head, after: Exchange | Head) -> dict[str, Any]:
    named = {field.name: getattr(after, field.name) for field in fields(after)}
    return {name: value for name, value in named.items() if value != getattr(before, name)}
