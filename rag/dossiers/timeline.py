"""The entries of a timeline: dated sentences in the order of the events that they report."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from rag.dossiers.dating import EventDate, event_date
from rag.dossiers.quotable_spans import QuotableSpan, ScoredSpan
from rag.dossiers.same_facts import is_same_fact

MAX_ENTRIES = 40
"""Maximum number of entries of a timeline. Not fitted."""
MIN_OTHER_COSINE = 0.15
"""Minimum similarity to the subject of a sentence outside the nearest passages. Fitted on 47 answers that
another person judged (docs/benchmarks.md)."""
MIN_SAME_EVENT_COSINE = 0.5
"""Minimum cosine of two sentences of one day that report one event. Fitted on 8 subjects of the sample
library."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event: its date, and the sentences that report it, those in the reader's language first."""

    when: EventDate
    excerpts: tuple[QuotableSpan, ...]


def dated(excerpts: Iterable[QuotableSpan]) -> dict[QuotableSpan, EventDate]:
    """Return the spans that state a date, with it."""
    found = ((one, event_date(one.text, one.hit.language, one.hit.article.published)) for one in excerpts)
    return {one: when for one, when in found if when}


def entries(
    found: Sequence[ScoredSpan],
    dates: dict[QuotableSpan, EventDate],
    nearest_passages: Container[QuotableSpan],
    language: str,
) -> list[Entry]:
    """Return the events in order of their dates; sentences that report the same event make one entry.

    A sentence outside the nearest passages must itself have a similarity of at least MIN_OTHER_COSINE.
    """
    kept = [one for one in found if one.excerpt in nearest_passages or one.near >= MIN_OTHER_COSINE]
    nearest = sorted(kept, key=lambda one: -one.near)[:MAX_ENTRIES]
    events: list[_Event] = []
    for one in sorted(nearest, key=lambda one: (dates[one.excerpt], -one.near)):
        when = dates[one.excerpt]
        same = next((event for event in events if event.matches(when, one)), None)
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
    members: list[ScoredSpan]

    def matches(self, when: EventDate, one: ScoredSpan) -> bool:
        """Tell whether a sentence with a date reports the same event."""
        cosine = float(self.members[0].vector @ one.vector)
        if self.when.day and self.when.moment == when.moment:
            return cosine >= MIN_SAME_EVENT_COSINE
        return self.when.admits(when) and is_same_fact(self.members, one)

    def add(self, when: EventDate, one: ScoredSpan) -> None:
        """Add a sentence; the event takes its date if that is more exact."""
        self.members.append(one)
        if (bool(when.month), bool(when.day)) > (bool(self.when.month), bool(self.when.day)):
            self.when = when


def _in_language_first(members: Sequence[ScoredSpan], language: str) -> tuple[QuotableSpan, ...]:
    excerpts = [one.excerpt for one in members]
    return tuple(sorted(excerpts, key=lambda one: one.hit.language != language))
