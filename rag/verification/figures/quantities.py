"""Extract the figures of a text: times, periods, dates, percentages, amounts and other numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rag.text.normalization import Folded
from rag.verification.claims import ClaimKind
from rag.verification.figures.calendar_dates import DateReader
from rag.verification.figures.clock_times import clock_times
from rag.verification.figures.date_patterns import masked
from rag.verification.figures.digits import Numeral
from rag.verification.figures.numerals import numerals
from rag.verification.figures.periods import periods
from rag.verification.figures.units import Unit, percentage, unit_of

_RANGE_GAP = re.compile(
    r" ?(?:[-–—~、至到和与及]|(?:提高|增加|上升|下降|减少|扩大)到|[增升降减]至|to|and|or|à|et|ou|до|и|или|"
    r"đến|tới|lên|xuống|còn|và|hoặc|hay|,|"
    r"%\s?(?:to|and|à|et|до|и|-|–|đến|và)) ?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, `start` to `end` in the normalised text.

    - `values`: the values that it may have: numbers, days of its `months`, months, years, or minutes after
      midnight or noon. Percentages are in percent.
    - `span`: "decade" or "century" for those, else "".
    - `spelled`: written in words.
    - `doubtful`: perhaps no figure; never a claim of a sentence.
    - `percent_factor`: percent per unit of the written number of a percentage: 10 of 成, 1/10 of per mille.
    """

    kind: ClaimKind
    start: int
    end: int
    values: frozenset[Fraction]
    months: frozenset[int] = frozenset()
    unit: Unit | None = None
    span: str = ""
    spelled: bool = False
    doubtful: bool = False
    percent_factor: Fraction = Fraction(1)

    def rivals(self, other: Figure) -> bool:
        """Tell whether another figure is comparable with this one: of the same kind and measure."""
        if other.doubtful or self.span != other.span or other.values == {1}:
            return False
        if self.measure or other.measure or "number" not in (self.kind, other.kind):
            return self.kind == other.kind and self.measure == other.measure
        return {self.kind, other.kind} <= {"number", "amount"}

    @property
    def measure(self) -> str:
        """What the figure measures; "" for numbers, including those of people."""
        return self.unit.measure if self.unit and self.unit.measure != "people" else ""


def figures(text: Folded, language: str) -> list[Figure]:
    """Return the figures of a normalised text, in order, without overlaps.

    Of overlapping readings, a time takes precedence over a date, and a date over a number.
    """
    plain = text.text
    numbers = _without_overlapping_numbers(numerals(plain, language))
    mask = masked(plain, numbers)
    found = [
        Figure("time", time.start, time.end, frozenset([Fraction(time.minute)]), doubtful=time.doubtful)
        for time in clock_times(plain, mask, numbers)
    ]
    found += [
        Figure("number", one.start, one.end, frozenset([Fraction(one.n)]), unit=Unit("period", one.kind))
        for one in periods(plain)
    ]
    found = _without_overlaps(found)
    found = _without_overlaps([*found, *_dates(plain, mask, _free(numbers, found), language)])
    return _without_overlaps([*found, *_numbers(plain, mask, _free(numbers, found))])


def _without_overlapping_numbers(numbers: Sequence[Numeral]) -> list[Numeral]:
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
    """Return the numbers that are in no figure yet."""
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
        kinds: dict[str, ClaimKind] = {"day": "day", "month": "month", "century": "number"}
        values = frozenset(map(Fraction, date.values))
        span = date.kind if date.kind in ("decade", "century") else ""
        found.append(
            Figure(kinds.get(date.kind, "year"), date.start, date.end, values, date.months, span=span)
        )
    return found


def _numbers(text: str, mask: str, numbers: Sequence[Numeral]) -> list[Figure]:
    """Return numbers, percentages and amounts; in "12 to 15 %" the percent sign applies to both."""
    found: list[Figure] = []
    after: tuple[Numeral, Figure] | None = None
    for number in reversed(numbers):
        figure = _figure(text, number)
        gap = (
            after
            and after[0].start - number.end <= 10
            and _RANGE_GAP.fullmatch(mask, number.end, after[0].start)
        )
        if after and gap:
            figure = _with_shared_unit(figure, number, *after)
        found.append(figure)
        after = (number, figure)
    return found[::-1]


def _figure(text: str, number: Numeral) -> Figure:
    percent = percentage(text, number.start, number.end)
    if percent:
        start, end, factor = percent
        values = frozenset(value * factor for value in number.values)
        return Figure("percent", start, end, values, spelled=number.spelled, percent_factor=factor)
    unit, start, end = unit_of(text, number.start, number.end) or (None, number.start, number.end)
    kind: ClaimKind = "amount" if unit else "number"
    return Figure(
        kind, start, end, number.values, unit=unit, spelled=number.spelled, doubtful=number.doubtful
    )


def _with_shared_unit(figure: Figure, number: Numeral, after: Numeral, next_figure: Figure) -> Figure:
    """Apply the scale, unit and percent sign of the next number in a range or list to a figure."""
    values = figure.values
    if number.scale == 1 < after.scale:
        values |= frozenset(value * after.scale for value in values)
    if figure.kind == "number" and next_figure.kind in ("percent", "amount"):
        factor = next_figure.percent_factor
        values = frozenset(value * factor for value in values)
        return replace(
            figure, kind=next_figure.kind, unit=next_figure.unit, values=values, percent_factor=factor
        )
    return replace(figure, values=values)
