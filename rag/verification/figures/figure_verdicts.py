"""The figures that a sentence claims, looked up in the passage that it cites, in any two languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Status
from rag.verification.figures.quantities import Figure
from rag.verification.figures.relative_dates import around, told
from rag.verification.figures.rounding import rounded
from rag.verification.figures.units import Unit

_READ = frozenset(("en", "fr", "zh", "vi", "ru"))
"""Languages whose number words are known."""
_MAX_FIGURES = 1000
"""Different figures of a passage that are looked at."""
_WORDS = 20
"""Numbers up to this are often written in words: in any other language those are not found."""
_MAX_LISTED_COUNT = 3
"""A spelt number up to this may be told by listing what is counted. It accuses nobody, unless the
passage counts the same thing."""
_YEAR_S = 31_536_000  # seconds
_NOUN = re.compile(r" ?([\u4e00-\u9fff]{2})|[ -]([^\W\d_]{3,})")
_MAX_VAGUE_DAYS = 8
"""How many days from the article's "last week" or "recently" may mean."""
_WITH_YEAR = re.compile(r"[ ,/.-]{0,2}(?:de |of |năm |года? )?")
"""What stands between a month and its year."""


class PassageFigures:
    """The figures of a passage, ready to be compared; `published` is its article's day."""

    def __init__(self, passage: AnalysedText, published: date | None, *, own: bool) -> None:
        text, found = passage.folded.text, passage.figures
        self._counted = {_noun(text, figure) for figure in found}
        # Each once, wherever it stands: a long row of the same number costs no more than one.
        self._figures = list(dict.fromkeys(replace(figure, start=0, end=0) for figure in found))[
            :_MAX_FIGURES
        ]
        self._own = own
        self._known, self._published = passage.language in _READ, published
        self._months = self._all_months()
        days = [(figure.start, figure.end) for figure in found if figure.kind == "day"]
        self._told = told(text, passage.language, published, days)
        self._by_value: dict[Fraction, list[Figure]] = {}
        for figure in self._figures:
            for value in figure.values:
                self._by_value.setdefault(value, []).append(figure)

    def status(self, figure: Figure, text: str) -> Status:
        """Whether the passage has a figure of a sentence, whose folded text is `text`."""
        if figure.span:
            return self._of_span(figure)
        if figure.kind == "day":
            return self._of_day(figure)
        if figure.kind in ("month", "year"):
            return self._of_month_or_year(figure, text)
        if figure.kind == "time":
            return self._of_time(figure)
        if figure.unit and figure.unit.measure == "period":
            return self._of_period(figure, figure.unit)
        return self._of_number(figure, text)

    def _all_months(self) -> frozenset[int]:
        """The months that a day without a month may be of: the passage's, the article's, or any."""
        months = {month for figure in self._figures for month in figure.months}
        months |= {
            int(value) for figure in self._figures if figure.kind == "month" for value in figure.values
        }
        if self._published:
            months.add(self._published.month)
        return frozenset(months or range(1, 13))

    def _same(self, figure: Figure) -> list[Figure]:
        return [other for value in figure.values for other in self._by_value.get(value, ())]

    def _of_span(self, figure: Figure) -> Status:
        """A decade or a century: named, or a year of it."""
        if any(other.kind not in ("day", "month", "time", "percent") for other in self._same(figure)):
            return "held"
        (value,) = figure.values
        size = 100 if figure.span == "century" else 10
        low = (value - 1) * 100 if figure.span == "century" else value
        for other in self._figures:
            if other.kind != "year":
                continue
            for year in other.values:
                inside = low <= year <= low + size
                if (
                    inside
                    or (low < 100 and size == 10 and year // 10 * 10 % 100 == low)
                    or other.values == {low % 100}
                ):
                    return "held"
        return "absent"

    def _of_day(self, figure: Figure) -> Status:
        for other in self._same(figure):
            if other.kind == "day" and (not figure.months or figure.months & (other.months or self._months)):
                return "held"
            if (
                other.kind == "amount"
                and other.unit
                and other.unit.measure == "duration"
                and not figure.months
            ):
                return "held"
        if _is_one(figure, self._told.sure):
            return "held"
        may_be = self._told.maybe | self._near_publication()
        return "unknown" if _is_one(figure, may_be) else "absent"

    def _near_publication(self) -> frozenset[date]:
        """The days that "last week" may mean; the article's very own need not be told."""
        if self._published is None:
            return frozenset()
        dated = any(other.kind == "day" for other in self._figures)
        if self._told.vague:
            return around(self._published, 1 if dated else _MAX_VAGUE_DAYS)
        return frozenset() if dated else around(self._published, 0)

    def _of_month_or_year(self, figure: Figure, text: str) -> Status:
        for other in self._same(figure):
            if other.kind == figure.kind or (figure.kind == "year" and other.kind in ("number", "amount")):
                return "held"
        if figure.kind == "month":
            if any(other.months & {int(v) for v in figure.values} for other in self._figures):
                return "held"
            near = self._published and self._told.any and self._published.month in figure.values
            return "unknown" if near and not _of_another_year(figure, text, self._published) else "absent"
        if self._published and self._published.year in figure.values:
            return "held"
        return "unknown" if self._may_be_the_year(figure) else "absent"

    def _may_be_the_year(self, figure: Figure) -> bool:
        """Whether a year may be told as "last year" or "five years ago"."""
        if self._told.years & figure.values:
            return True
        years = (other for other in self._figures if other.unit and other.unit.factor == _YEAR_S)
        return self._published is not None and any(
            self._published.year - value in figure.values for other in years for value in other.values
        )

    def _of_time(self, figure: Figure) -> Status:
        if any(other.kind == "time" for other in self._same(figure)):
            return "held"
        hours = (other for other in self._figures if other.unit and other.unit.factor == 3600)
        return "held" if any(v * 60 % 720 in figure.values for o in hours for v in o.values) else "absent"

    def _of_period(self, figure: Figure, unit: Unit) -> Status:
        """A quarter or half of a year, which a passage may tell by its months instead."""
        there = [other for other in self._figures if other.unit == unit]
        if any(other.values == figure.values for other in there):
            return "held"
        return "absent" if there else "unknown"

    def _of_number(self, figure: Figure, text: str) -> Status:
        statuses = {_compared(figure, other) for other in self._same(figure)}
        for status in ("held", "unknown"):
            if status in statuses:
                return status
        if any(
            _compared(figure, other) != "absent" and rounded(figure, other, text) for other in self._figures
        ):
            return "held"
        if self._converted(figure):
            return "unknown"
        if figure.kind == "percent" and any(v / 100 in self._by_value for v in figure.values):
            return "held"
        if any(v < 1 and v * 100 in self._by_value for v in figure.values):
            return "held"
        return "unknown" if self._may_be_told_otherwise(figure, text) else "absent"

    def _may_be_told_otherwise(self, figure: Figure, text: str) -> bool:
        """Whether a passage may say a small number without a numeral: by a list, or by "a"."""
        most = max(figure.values)
        if not self._known:
            return most <= _WORDS
        if figure.values == {1}:
            return not self._own
        if (
            not figure.spelt
            or most > _MAX_LISTED_COUNT
            or any(value.denominator > 1 for value in figure.values)
        ):
            return False
        measures = {other.unit.measure for other in self._figures if other.unit}
        noun = _noun(text, figure)
        return not (noun and noun in self._counted) and not (figure.unit and figure.unit.measure in measures)

    def _converted(self, figure: Figure) -> bool:
        """Whether the passage may say it in another unit only: 62 miles for 100 km."""
        a = figure.unit
        if a is None or a.measure == "money":
            return False
        others = [o for o in self._figures if o.unit and o.unit.measure == a.measure]
        if any(other.unit and other.unit.same(a) for other in others):
            return False
        return any(
            abs(x * a.factor - y * o.unit.factor) * 20 <= y * o.unit.factor
            for o in others
            if o.unit
            for x in figure.values
            for y in o.values
        )


def _is_one(figure: Figure, days: frozenset[date]) -> bool:
    """Whether a day is one of these, whatever the month where it has none."""
    return any(day.day in figure.values and (day.month in figure.months or not figure.months) for day in days)


def _of_another_year(figure: Figure, text: str, published: date | None) -> bool:
    """Whether the year behind a month is not the article's."""
    gap = _WITH_YEAR.match(text, figure.end)
    year = re.compile(r"\d{4}(?!\d)").match(text, gap.end() if gap else figure.end)
    return published is not None and year is not None and int(year[0]) != published.year


def _noun(text: str, figure: Figure) -> str:
    """The word behind a figure, in lower case; "" where there is none."""
    match = _NOUN.match(text, figure.end)
    return (match[1] or match[2]).lower() if match else ""


def _compared(figure: Figure, other: Figure) -> Status:
    """What another figure of the same value says of a number, percentage or amount."""
    if other.span or (other.unit and other.unit.measure == "period"):
        return "absent"
    if other.kind in ("time", "month", "day"):
        days = figure.unit is not None and figure.unit.factor == 86400
        return "held" if days and other.kind == "day" and not other.months else "absent"
    if figure.kind == "percent" or other.kind == "percent":
        if figure.kind == other.kind:
            return "held"
        return "absent" if figure.unit or other.unit or "year" in (figure.kind, other.kind) else "unknown"
    if figure.unit is None or other.unit is None or figure.unit.same(other.unit):
        return "held"
    comparable = figure.unit.measure == other.unit.measure != "money"
    return "unknown" if comparable else "absent"


def same_value(figure: Figure, other: Figure, text: str) -> bool:
    """Whether a figure of a passage is the sentence's, perhaps rounded; `text` is the folded sentence."""
    if figure.kind in ("day", "month", "year"):
        return figure.kind == other.kind and bool(figure.values & other.values)
    if "time" in (figure.kind, other.kind):
        return figure.kind == other.kind and bool(figure.values & other.values)
    status = _compared(figure, other)
    return (status == "held" and bool(figure.values & other.values)) or (
        status != "absent" and rounded(figure, other, text)
    )
