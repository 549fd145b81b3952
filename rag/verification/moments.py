"""Dates as wholes: a day with its month and year, where the parts stand together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.verification.figures.quantities import Figure

_GAP = re.compile(
    r"[\s,/.\-–(]{0,3}(?:(?:of|de|năm|nam|tháng|месяц\w*|г\.?|года?|год|году|年|月) ?){0,2}[\s,]?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date: what of day, months and years is said; `parts` are the figures that say it.

    `told`: the year is said, not inferred.
    """

    day: int | None
    months: frozenset[int]
    years: frozenset[int]
    parts: tuple[Figure, ...]
    told: bool = True

    @property
    def start(self) -> int:
        """Where the first part begins."""
        return self.parts[0].start

    def same(self, other: Moment) -> bool:
        """Whether both may be one date: no part that both have differs."""
        if self.day is not None and other.day is not None and self.day != other.day:
            return False
        if self.months and other.months and not self.months & other.months:
            return False
        return not (self.years and other.years and not self.years & other.years)


def moments(text: str, figures: Iterable[Figure]) -> list[Moment]:
    """The dates of a folded text, in order."""
    groups: list[list[Figure]] = []
    for figure in figures:
        if figure.kind not in ("day", "month", "year") or figure.span:
            continue
        if groups and _joins(text, groups[-1], figure):
            groups[-1].append(figure)
        else:
            groups.append([figure])
    return [_moment(group) for group in groups]


def _joins(text: str, group: list[Figure], figure: Figure) -> bool:
    if any(one.kind == figure.kind for one in group):
        return False
    return (
        figure.start - group[-1].end <= 10 and _GAP.fullmatch(text[group[-1].end : figure.start]) is not None
    )


def _moment(group: list[Figure]) -> Moment:
    day, months, years = None, frozenset[int](), frozenset[int]()
    for figure in group:
        values = frozenset(int(value) for value in figure.values)
        if figure.kind == "day":
            day, months = (min(values) if len(values) == 1 else None), figure.months or months
        elif figure.kind == "month":
            months = values
        else:
            years = values
    return Moment(day, months, years, tuple(group))
