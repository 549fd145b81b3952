"""The figures that a sentence claims, looked up in the passage that it cites, in any two languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from rag.checking.claims import Claim, Status, Verdict
from rag.checking.folding import Folded, folded
from rag.checking.quantities import Figure, figures
from rag.checking.rounding import rounded

_READ = frozenset(("en", "fr", "zh", "vi", "ru"))
"""Languages whose number words are known."""
_MOST = 1000
"""Different figures of a passage that are looked at."""
_WORDS = 20
"""Numbers up to this are often written in words: in any other language those are not found."""
_FEW = 3
"""A spelt number up to this may be told by listing what is counted. It accuses nobody, unless the
passage counts the same thing."""
_NOUN = re.compile(r" ?([\u4e00-\u9fff]{2})|[ -]([^\W\d_]{3,})")
_OTHER_YEAR = re.compile(
    r"(?:last|next|previous|following) year|year (?:ago|before|later)|an(?:née)? (?:dern|proch|précéd)i?|"
    r"il y a un an|năm (?:ngoái|trước|sau|tới)|(?:прошл|будущ|следующ|предыдущ)\w+ год|год назад|"
    r"[去明翌次上]年",
    re.IGNORECASE,
)


def figure_claims(text: str, language: str) -> list[Claim]:
    """The figures that a sentence claims, in order, without overlaps."""
    plain = folded(text)
    return [_claim(text, plain, figure) for figure in figures(plain, language) if not figure.loose]


def figure_verdicts(
    text: str, language: str, passage: str, passage_language: str, *, published: date | None = None
) -> list[Verdict]:
    """What a passage says of each figure that a sentence claims; `published` is its article's day."""
    plain = folded(text)
    claimed = [figure for figure in figures(plain, language) if not figure.loose]
    if not claimed:
        return []
    said = _Said(folded(passage), passage_language, published, own=language == passage_language)
    return [Verdict(_claim(text, plain, figure), said.of(figure, plain.text)) for figure in claimed]


def _claim(text: str, plain: Folded, figure: Figure) -> Claim:
    start, end = plain.span(figure.start, figure.end)
    return Claim(figure.kind, text[start:end], start, end)


@cache
def _relative() -> dict[str, re.Pattern[str]]:
    """For each language the words that tell a day by the day of writing."""
    lists = json.loads(Path(__file__).with_name("calendar.json").read_text("utf-8"))["relative"]
    return {
        code: re.compile(
            "|".join(words.split()) if code == "zh" else rf"(?<!\w)(?:{'|'.join(words.split())})(?!\w)"
        )
        for code, words in lists.items()
    }


class _Said:
    """The figures of a passage."""

    def __init__(self, passage: Folded, language: str, published: date | None, *, own: bool) -> None:
        found = figures(passage, language)
        self._counted = {_noun(passage.text, figure) for figure in found}
        # Each once, wherever it stands: a long row of the same number costs no more than one.
        self._figures = list(dict.fromkeys(replace(figure, start=0, end=0) for figure in found))[:_MOST]
        self._own = own
        self._known, self._published = language in _READ, published
        self._months = self._all_months()
        words = _relative().get(language)
        self._relative = words is not None and words.search(passage.text.lower()) is not None
        self._other_year = _OTHER_YEAR.search(passage.text) is not None
        self._by_value: dict[Fraction, list[Figure]] = {}
        for figure in self._figures:
            for value in figure.values:
                self._by_value.setdefault(value, []).append(figure)

    def of(self, figure: Figure, text: str) -> Status:
        """What the passage says of a figure of a sentence."""
        if figure.span:
            return self._of_span(figure)
        if figure.kind == "day":
            return self._of_day(figure)
        if figure.kind in ("month", "year"):
            return self._of_month_or_year(figure)
        if figure.kind == "time":
            return self._of_time(figure)
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
        if self._published and self._near_publication(figure, self._published):
            return "unknown"
        return "absent"

    def _near_publication(self, figure: Figure, published: date) -> bool:
        """Whether a day may be told as "Tuesday" or "yesterday"; the very day need not be told."""
        dated = any(other.kind == "day" for other in self._figures)
        reach = (1 if dated else 8) if self._relative else 0
        if dated and not reach:
            return False
        days = (published + timedelta(days=n) for n in range(-reach, reach + 1))
        return any(
            day.day in figure.values and (day.month in figure.months or not figure.months) for day in days
        )

    def _of_month_or_year(self, figure: Figure) -> Status:
        for other in self._same(figure):
            if other.kind == figure.kind or (figure.kind == "year" and other.kind in ("number", "amount")):
                return "held"
        if figure.kind == "month":
            if any(other.months & {int(v) for v in figure.values} for other in self._figures):
                return "held"
            told = self._published and self._relative and self._published.month in figure.values
            return "unknown" if told else "absent"
        if self._published and self._published.year in figure.values:
            return "held"
        # "Last year" and "next year".
        near = self._published and any(abs(self._published.year - year) == 1 for year in figure.values)
        return "unknown" if near and self._other_year else "absent"

    def _of_time(self, figure: Figure) -> Status:
        if any(other.kind == "time" for other in self._same(figure)):
            return "held"
        hours = (other for other in self._figures if other.unit and other.unit.factor == 3600)
        return "held" if any(v * 60 % 720 in figure.values for o in hours for v in o.values) else "absent"

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
        noun = _noun(text, figure)
        return figure.spelt and most <= _FEW and not (noun and noun in self._counted)

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


def _noun(text: str, figure: Figure) -> str:
    """The word behind a figure, in lower case; "" where there is none."""
    match = _NOUN.match(text, figure.end)
    return (match[1] or match[2]).lower() if match else ""


def _compared(figure: Figure, other: Figure) -> Status:
    """What another figure of the same value says of a number, percentage or amount."""
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
