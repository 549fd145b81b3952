"""Complete or partial dates: adjacent day, month and year figures joined into one."""

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
    """A date, perhaps partial: `day` is None and `months` and `years` are empty if they are not stated.

    Several months or years are alternatives. `parts`: the figures that state the date. `year_stated`: False
    where the years are inferred.
    """

    day: int | None
    months: frozenset[int]
    years: frozenset[int]
    parts: tuple[Figure, ...]
    year_stated: bool = True

    @property
    def start(self) -> int:
        """The offset of the first part in the normalised text."""
        return self.parts[0].start

    def agrees_with(self, other: Moment) -> bool:
        """Tell whether both may be the same date: no part that both state differs."""
        if self.day is not None and other.day is not None and self.day != other.day:
            return False
        if self.months and other.months and not self.months & other.months:
            return False
        return not (self.years and other.years and not self.years & other.years)

    def matches(self, other: Moment) -> bool:
        """Tell whether another date is this one: it has all of its parts, and none differs."""
        if self.day is not None and other.day is None:
            return False
        return self.agrees_with(other) and not (self.months and self.day is None and not other.months)

    def may_rival(self, other: Moment) -> bool:
        """Tell whether another date may be a rival; a date with an inferred year is none of a bare year."""
        return other.year_stated or bool(self.months or self.day is not None)

    def shared_parts(self, other: Moment) -> int:
        """Count the parts that are the same: day, month, stated year."""
        same_year = other.year_stated and bool(self.years & other.years)
        return (self.day is not None and self.day == other.day) + bool(self.months & other.months) + same_year


def moments(text: str, figures: Iterable[Figure]) -> list[Moment]:
    """Return the dates of a normalised text with these figures, in order."""
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
