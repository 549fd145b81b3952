"""Look up the figures of a sentence in a passage, in any two languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Status
from rag.verification.figures.quantities import Figure
from rag.verification.figures.relative_dates import around, relative_dates
from rag.verification.figures.rounding import rounded
from rag.verification.figures.units import Unit

_LANGUAGES = frozenset(("en", "fr", "zh", "vi", "ru"))
"""Languages whose number words are known."""
_MAX_FIGURES = 1000
"""Maximum number of distinct figures of a passage that are compared. Not fitted."""
_MAX_WORD_NUMBER = 20
"""Largest number that is often written in words, which are not recognised in other languages. Fitted on
claims.json."""
_MAX_LISTED_COUNT = 3
"""Largest spelled-out number that an enumeration may imply: its absence is not an error, unless the passage
counts the same noun. Fitted on claims.json."""
_YEAR_S = 31_536_000
"""The factor of years in units.json."""
_NOUN = re.compile(r" ?([\u4e00-\u9fff]{2})|[ -]([^\W\d_]{3,})")
_MAX_VAGUE_DAYS = 8
"""Maximum number of days between the article's date and a day that "last week" or "recently" may mean. Set on
claims.json."""
_BEFORE_YEAR = re.compile(r"[ ,/.-]{0,2}(?:de |of |năm |года? )?")
"""The text between a month and its year."""


class PassageFigures:
    """The figures of a passage, indexed by value; `published` is its article's date.

    `same_language`: whether the passage is in the language of the sentence.
    """

    def __init__(self, passage: AnalysedText, published: date | None, *, same_language: bool) -> None:
        text, found = passage.folded.text, passage.figures
        self._counted_nouns = {_noun(text, figure) for figure in found}
        # Each distinct figure once: a table that repeats a number costs no more than the number.
        self._figures = list(dict.fromkeys(replace(figure, start=0, end=0) for figure in found))[
            :_MAX_FIGURES
        ]
        self._same_language = same_language
        self._reads_words, self._published = passage.language in _LANGUAGES, published
        self._months = self._all_months()
        days = [(figure.start, figure.end) for figure in found if figure.kind == "day"]
        self._relative = relative_dates(text, passage.language, published, days)
        self._by_value: dict[Fraction, list[Figure]] = {}
        for figure in self._figures:
            for value in figure.values:
                self._by_value.setdefault(value, []).append(figure)

    def status(self, figure: Figure, text: str) -> Status:
        """Return whether the passage has a figure of a sentence with the normalised text `text`."""
        if figure.span:
            return self._decade_or_century_status(figure)
        if figure.kind == "day":
            return self._day_status(figure)
        if figure.kind in ("month", "year"):
            return self._month_or_year_status(figure, text)
        if figure.kind == "time":
            return self._time_status(figure)
        if figure.unit and figure.unit.measure == "period":
            return self._period_status(figure, figure.unit)
        return self._number_status(figure, text)

    def _all_months(self) -> frozenset[int]:
        """Return the months that a day without a month may be of: the passage's and the article's, or any."""
        months = {month for figure in self._figures for month in figure.months}
        months |= {
            int(value) for figure in self._figures if figure.kind == "month" for value in figure.values
        }
        if self._published:
            months.add(self._published.month)
        return frozenset(months or range(1, 13))

    def _same(self, figure: Figure) -> list[Figure]:
        return [other for value in figure.values for other in self._by_value.get(value, ())]

    def _decade_or_century_status(self, figure: Figure) -> Status:
        """Find a decade or century by its own name, or by a year of it."""
        if any(other.kind not in ("day", "month", "time", "percent") for other in self._same(figure)):
            return "held"
        (value,) = figure.values
        size, low = (100, (value - 1) * 100) if figure.span == "century" else (10, value)
        short_decade = size == 10 and low < 100  # the 90s
        for other in self._figures:
            if other.kind == "year" and (
                other.values == {low % 100}
                or any(low <= year <= low + size for year in other.values)
                or (short_decade and any(year // 10 * 10 % 100 == low for year in other.values))
            ):
                return "held"
        return "absent"

    def _day_status(self, figure: Figure) -> Status:
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
        if _is_day_of(figure, self._relative.sure):
            return "held"
        possible = self._relative.possible | self._near_publication()
        return "unknown" if _is_day_of(figure, possible) else "absent"

    def _near_publication(self) -> frozenset[date]:
        """Return the days that a vague expression may mean; without dates, the article's own is implied."""
        if self._published is None:
            return frozenset()
        dated = any(other.kind == "day" for other in self._figures)
        if self._relative.vague:
            return around(self._published, 1 if dated else _MAX_VAGUE_DAYS)
        return frozenset() if dated else around(self._published, 0)

    def _month_or_year_status(self, figure: Figure, text: str) -> Status:
        """Find a month or year, perhaps as part of a date; the article's own year is implied."""
        for other in self._same(figure):
            if other.kind == figure.kind or (figure.kind == "year" and other.kind in ("number", "amount")):
                return "held"
        if figure.kind == "month":
            if any(other.months & {int(v) for v in figure.values} for other in self._figures):
                return "held"
            near = self._published and self._relative.any and self._published.month in figure.values
            return "unknown" if near and not _is_of_other_year(figure, text, self._published) else "absent"
        if self._published and self._published.year in figure.values:
            return "held"
        return "unknown" if self._may_be_the_year(figure) else "absent"

    def _may_be_the_year(self, figure: Figure) -> bool:
        """Tell whether the passage may express a year as "last year" or "five years ago"."""
        if self._relative.years & figure.values:
            return True
        years = (other for other in self._figures if other.unit and other.unit.factor == _YEAR_S)
        return self._published is not None and any(
            self._published.year - value in figure.values for other in years for value in other.values
        )

    def _time_status(self, figure: Figure) -> Status:
        """Find a time of day, perhaps as a number of hours: "at 8 hours"."""
        if any(other.kind == "time" for other in self._same(figure)):
            return "held"
        hours = (other for other in self._figures if other.unit and other.unit.factor == 3600)
        return "held" if any(v * 60 % 720 in figure.values for o in hours for v in o.values) else "absent"

    def _period_status(self, figure: Figure, unit: Unit) -> Status:
        """Find a quarter or half of a year; without any, the passage may name its months instead."""
        there = [other for other in self._figures if other.unit == unit]
        if any(other.values == figure.values for other in there):
            return "held"
        return "absent" if there else "unknown"

    def _number_status(self, figure: Figure, text: str) -> Status:
        """Find a number, percentage or amount: of the same value, rounded, converted, or as a fraction."""
        statuses = {_compare(figure, other) for other in self._same(figure)}
        for status in ("held", "unknown"):
            if status in statuses:
                return status
        if any(
            _compare(figure, other) != "absent" and rounded(figure, other, text) for other in self._figures
        ):
            return "held"
        if self._is_converted(figure):
            return "unknown"
        if figure.kind == "percent" and any(v / 100 in self._by_value for v in figure.values):
            return "held"
        if any(v < 1 and v * 100 in self._by_value for v in figure.values):
            return "held"
        return "unknown" if self._may_be_implied(figure, text) else "absent"

    def _may_be_implied(self, figure: Figure, text: str) -> bool:
        """Tell whether the passage may express a small number by an enumeration, or by "a"."""
        largest = max(figure.values)
        if not self._reads_words:
            return largest <= _MAX_WORD_NUMBER
        if figure.values == {1}:
            return not self._same_language
        integral = all(value.denominator == 1 for value in figure.values)
        if not figure.spelled or largest > _MAX_LISTED_COUNT or not integral:
            return False
        measures = {other.unit.measure for other in self._figures if other.unit}
        noun = _noun(text, figure)
        counted = bool(noun) and noun in self._counted_nouns
        return not counted and not (figure.unit and figure.unit.measure in measures)

    def _is_converted(self, figure: Figure) -> bool:
        """Tell whether the passage has the measure in other units only, within 5 %: 62 miles for 100 km."""
        unit = figure.unit
        if unit is None or unit.measure == "money":
            return False
        others = [(o, o.unit) for o in self._figures if o.unit and o.unit.measure == unit.measure]
        if any(other_unit.same(unit) for _, other_unit in others):
            return False
        return any(
            abs(x * unit.factor - y * other_unit.factor) * 20 <= y * other_unit.factor
            for other, other_unit in others
            for x in figure.values
            for y in other.values
        )


def _is_day_of(figure: Figure, days: frozenset[date]) -> bool:
    """Tell whether a day is one of these dates; a day without a month, of any month."""
    return any(day.day in figure.values and (day.month in figure.months or not figure.months) for day in days)


def _is_of_other_year(figure: Figure, text: str, published: date | None) -> bool:
    """Tell whether a month is followed by a year other than the article's."""
    gap = _BEFORE_YEAR.match(text, figure.end)
    year = re.compile(r"\d{4}(?!\d)").match(text, gap.end() if gap else figure.end)
    return published is not None and year is not None and int(year[0]) != published.year


def _noun(text: str, figure: Figure) -> str:
    """Return the word after a figure, in lower case; "" if there is none."""
    match = _NOUN.match(text, figure.end)
    return (match[1] or match[2]).lower() if match else ""


def _compare(figure: Figure, other: Figure) -> Status:
    """Compare kind and unit of a number, percentage or amount with another figure's."""
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
    """Tell whether a passage's figure `other` is a sentence's, perhaps rounded in the sentence.

    `text` is the normalised sentence.
    """
    if figure.kind in ("day", "month", "year"):
        return figure.kind == other.kind and bool(figure.values & other.values)
    if "time" in (figure.kind, other.kind):
        return figure.kind == other.kind and bool(figure.values & other.values)
    status = _compare(figure, other)
    return (status == "held" and bool(figure.values & other.values)) or (
        status != "absent" and rounded(figure, other, text)
    )
