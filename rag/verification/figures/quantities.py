"""Every figure of a text, with its kind: what is compared between a sentence and a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rag.text.normalization import Folded
from rag.verification.claims import Kind
from rag.verification.figures.calendar_dates import DateReader, masked
from rag.verification.figures.clock_times import clock_times
from rag.verification.figures.digits import Numeral
from rag.verification.figures.numerals import numerals
from rag.verification.figures.periods import periods
from rag.verification.figures.units import Unit, percentage, unit_of

_RANGE = re.compile(
    r" ?(?:[-–—~、至到和与及]|(?:提高|增加|上升|下降|减少|扩大)到|[增升降减]至|to|and|or|à|et|ou|до|и|или|"
    r"đến|tới|lên|xuống|còn|và|hoặc|hay|,|"
    r"%\s?(?:to|and|à|et|до|и|-|–|đến|và)) ?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, `start` to `end` in the folded text.

    `values`: what it may be worth: a number, a day of its `months`, a month, a year, minutes past
    midnight or noon. `span`: "decade" or "century" for those. `loose` figures are never claimed.
    `by`: how many percent one of the written number is, where it is a share.
    """

    kind: Kind
    start: int
    end: int
    values: frozenset[Fraction]
    months: frozenset[int] = frozenset()
    unit: Unit | None = None
    span: str = ""
    spelt: bool = False
    loose: bool = False
    by: Fraction = Fraction(1)

    def rivals(self, other: Figure) -> bool:
        """Whether another figure may stand in the place of this one: of its kind and measure."""
        if other.loose or self.span != other.span or other.values == {1}:
            return False
        if self.measure or other.measure or "number" not in (self.kind, other.kind):
            return self.kind == other.kind and self.measure == other.measure
        return {self.kind, other.kind} <= {"number", "amount"}

    @property
    def measure(self) -> str:
        """What it measures; "" for a number, of people too."""
        return self.unit.measure if self.unit and self.unit.measure != "people" else ""


def figures(text: Folded, language: str) -> list[Figure]:
    """The figures of a folded text, in order, without overlaps."""
    plain = text.text
    numbers = _apart(numerals(plain, language))
    mask = masked(plain, numbers)
    found = [
        Figure("time", time.start, time.end, frozenset([Fraction(time.minute)]), loose=time.loose)
        for time in clock_times(plain, mask, numbers)
    ]
    found += [
        Figure("number", one.start, one.end, frozenset([Fraction(one.n)]), unit=Unit("period", one.kind))
        for one in periods(plain)
    ]
    found = _without_overlaps(found)
    found = _without_overlaps([*found, *_dates(plain, mask, _free(numbers, found), language)])
    return _without_overlaps([*found, *_counted(plain, mask, _free(numbers, found))])


def _apart(numbers: Sequence[Numeral]) -> list[Numeral]:
    kept: list[Numeral] = []
    for number in numbers:
        if number.values and (not kept or number.start >= kept[-1].end):
            kept.append(number)
    return kept


def _without_overlaps(found: Sequence[Figure]) -> list[Figure]:
    kept: list[Figure] = []
    for figure in sorted(found, key=lambda figure: figure.start):
        if not kept or figure.start >= kept[-1].end:
            kept.append(figure)
    return kept


def _free(numbers: Sequence[Numeral], found: Sequence[Figure]) -> list[Numeral]:
    """The numbers that lie in no figure yet."""
    free, at = [], 0
    for number in numbers:
        while at < len(found) and found[at].end <= number.start:
            at += 1
        if at == len(found) or found[at].start >= number.end:
            free.append(number)
    return free


def _dates(text: str, mask: str, numbers: Sequence[Numeral], language: str) -> list[Figure]:
    found = []
    for date in DateReader(text, mask, numbers, language).read():
        unit = unit_of(text, date.start, date.end) if date.kind == "year" else None
        if unit and unit[0].measure != "duration":
            continue
        kinds: dict[str, Kind] = {"day": "day", "month": "month", "century": "number"}
        values = frozenset(map(Fraction, date.values))
        span = date.kind if date.kind in ("decade", "century") else ""
        found.append(
            Figure(kinds.get(date.kind, "year"), date.start, date.end, values, date.months, span=span)
        )
    return found


def _counted(text: str, mask: str, numbers: Sequence[Numeral]) -> list[Figure]:
    """Numbers, percentages and amounts; the first of "12 to 15 %" has the sign of the second."""
    found: list[Figure] = []
    after: tuple[Numeral, Figure] | None = None
    for number in reversed(numbers):
        figure = _figure(text, number)
        gap = (
            after and after[0].start - number.end <= 10 and _RANGE.fullmatch(mask, number.end, after[0].start)
        )
        if after and gap:
            figure = _shared(figure, number, *after)
        found.append(figure)
        after = (number, figure)
    return found[::-1]


def _figure(text: str, number: Numeral) -> Figure:
    percent = percentage(text, number.start, number.end)
    if percent:
        start, end, by = percent
        values = frozenset(value * by for value in number.values)
        return Figure("percent", start, end, values, spelt=number.spelt, by=by)
    unit, start, end = unit_of(text, number.start, number.end) or (None, number.start, number.end)
    kind: Kind = "amount" if unit else "number"
    return Figure(kind, start, end, number.values, unit=unit, spelt=number.spelt, loose=number.loose)


def _shared(figure: Figure, number: Numeral, after: Numeral, behind: Figure) -> Figure:
    """A number before another of one range or list, with that one's scale, unit and sign."""
    values = figure.values
    if number.scale == 1 < after.scale:
        values |= frozenset(value * after.scale for value in values)
    if figure.kind == "number" and behind.kind in ("percent", "amount"):
        values = frozenset(value * behind.by for value in values)
        return replace(figure, kind=behind.kind, unit=behind.unit, values=values, by=behind.by)
    return replace(figure, values=values)
