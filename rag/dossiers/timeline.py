"""The entries of a timeline: dated sentences in the order of what they tell."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from rag.dossiers.dating import EventDate, event_date
from rag.dossiers.excerpts import Excerpt, Scored
from rag.dossiers.same_facts import is_same_fact

MAX_ENTRIES = 40
"""Entries of a timeline. Not fitted."""
MIN_OTHER_COSINE = 0.15
"""Cosine to the subject from which a sentence outside the nearest passages is an entry. Set on 47 answers
that somebody else judged (docs/benchmarks.md)."""
MIN_SAME_EVENT_COSINE = 0.5
"""Cosine from which two sentences of one day tell one event. Set on 8 subjects of the sample library."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event: its date, and the sentences that tell it, those in the reader's language first."""

    when: EventDate
    excerpts: tuple[Excerpt, ...]


def dated(excerpts: Iterable[Excerpt]) -> dict[Excerpt, EventDate]:
    """The excerpts that tell a date."""
    found = ((one, event_date(one.text, one.hit.language, one.hit.article.published)) for one in excerpts)
    return {one: when for one, when in found if when}


def entries(
    found: Sequence[Scored],
    dates: dict[Excerpt, EventDate],
    nearest_passages: Container[Excerpt],
    language: str,
) -> list[Entry]:
    """The events in their order; sentences of one day that tell the same event make one entry.

    Sentences outside the nearest passages must be near themselves.
    """
    kept = [one for one in found if one.excerpt in nearest_passages or one.near >= MIN_OTHER_COSINE]
    nearest = sorted(kept, key=lambda one: -one.near)[:MAX_ENTRIES]
    events: list[_Event] = []
    for one in sorted(nearest, key=lambda one: (dates[one.excerpt], -one.near)):
        when = dates[one.excerpt]
        same = next((event for event in events if event.tells(when, one)), None)
        if same:
            same.add(when, one)
        else:
            events.append(_Event(when, [one]))
    ordered = sorted(events, key=lambda event: event.when)
    return [Entry(event.when, _in_language_first(event.members, language)) for event in ordered]


@dataclass
class _Event:
    """An event while its sentences are gathered."""

    when: EventDate
    members: list[Scored]

    def tells(self, when: EventDate, one: Scored) -> bool:
        """Whether a sentence of a date tells the same event."""
        cosine = float(self.members[0].vector @ one.vector)
        if self.when.day and self.when.moment == when.moment:
            return cosine >= MIN_SAME_EVENT_COSINE
        return self.when.admits(when) and is_same_fact(self.members, one)

    def add(self, when: EventDate, one: Scored) -> None:
        """Add a sentence; the event takes its date where that is more exact."""
        self.members.append(one)
        if (bool(when.month), bool(when.day)) > (bool(self.when.month), bool(self.when.day)):
            self.when = when


def _in_language_first(members: Sequence[Scored], language: str) -> tuple[Excerpt, ...]:
    excerpts = [one.excerpt for one in members]
    return tuple(sorted(excerpts, key=lambda one: one.hit.language != language))
