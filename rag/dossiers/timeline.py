"""The entries of a timeline: dated sentences in the order of what they tell."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from rag.dossiers.dating import EventDate, event_date
from rag.dossiers.excerpts import Excerpt, Scored

MAX_ENTRIES = 40
"""Entries of a timeline. Not fitted."""
MIN_OTHER_COSINE = 0.15
"""Cosine to the subject from which a sentence outside the nearest passages is an entry. Set on 47 answers
that somebody else judged (docs/benchmarks.md)."""
MIN_SAME_EVENT_COSINE = 0.5
"""Cosine from which two sentences of one day tell one event. Set on 8 subjects of the sample library."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event: its date, and the sentences that tell it, that nearest to the subject first."""

    when: EventDate
    excerpts: tuple[Excerpt, ...]


def dated(excerpts: Iterable[Excerpt]) -> dict[Excerpt, EventDate]:
    """The excerpts that tell a date."""
    found = ((one, event_date(one.text, one.hit.language, one.hit.article.published)) for one in excerpts)
    return {one: when for one, when in found if when}


def entries(
    found: Sequence[Scored], dates: dict[Excerpt, EventDate], nearest_passages: Container[Excerpt]
) -> list[Entry]:
    """The events in their order; sentences of one day that tell the same event make one entry.

    Sentences outside the nearest passages must be near themselves.
    """
    kept = [one for one in found if one.excerpt in nearest_passages or one.near >= MIN_OTHER_COSINE]
    nearest = sorted(kept, key=lambda one: -one.near)[:MAX_ENTRIES]
    events: list[tuple[EventDate, list[Scored]]] = []
    for one in sorted(nearest, key=lambda one: (dates[one.excerpt], -one.near)):
        when = dates[one.excerpt]
        same = next((members for known, members in events if _is_same(known, when, members[0], one)), None)
        if same:
            same.append(one)
        else:
            events.append((when, [one]))
    return [Entry(when, tuple(one.excerpt for one in members)) for when, members in events]


def _is_same(known: EventDate, when: EventDate, first: Scored, other: Scored) -> bool:
    same_day = when.day and (known.year, known.month, known.day) == (when.year, when.month, when.day)
    return bool(same_day) and float(first.vector @ other.vector) >= MIN_SAME_EVENT_COSINE
