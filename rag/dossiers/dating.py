"""The date of the event that a sentence reports: stated, or inferred from the article's publication date."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rag.verification.analysed_text import AnalysedText
from rag.verification.figures.relative_dates import relative_dates
from rag.verification.moments import Moment, moments

MAX_FUTURE_DAYS = 62
"""Maximum number of days after publication of a date without a year; a later one is taken to be of the year
before. Not fitted."""

_AGO = re.compile(
    r"\b(?:years|months|weeks) ago\b|\bil y a\b|(?:年|月)前|\b(?:năm|tháng) (?:trước|sau)\b"
    r"|\b(?:лет|года?|месяц\w*) назад\b",
    re.IGNORECASE,
)
"""Distances in time ("three years ago"), which would also be read as a relative date."""
_NAMED_BEFORE = re.compile(
    r"(?:\b(?:for|pour|на|cho năm|cho)|convention (?:of|de)|конвенци\w+(?: \S+){0,4}|"
    r"công ước(?: \S+){0,4})\s*$",
    re.IGNORECASE,
)
"""Text before a year that makes it part of a name: a plan or a treaty."""
_NAMED_AFTER = re.compile(r" ?年?(?:的)?(?:《|计划|方案|规划| programme| plan\b| convention)")


@dataclass(frozen=True, slots=True, order=True)
class EventDate:
    """A year, with month and day (0 if they are not stated); `inferred` from the article's date."""

    year: int
    month: int = 0
    day: int = 0
    inferred: bool = False

    @property
    def moment(self) -> tuple[int, int, int]:
        """Year, month and day, whether stated or inferred."""
        return self.year, self.month, self.day

    def iso(self) -> str:
        """Return the date as far as it is known: "2024", "2024-05" or "2024-05-02"."""
        return f"{self.year:04}" + "".join(f"-{part:02}" for part in (self.month, self.day) if part)

    def admits(self, other: EventDate) -> bool:
        """Tell whether both may be the same day: what they state does not differ."""
        return all(a == b or not (a and b) for a, b in zip(self.moment, other.moment, strict=True))


def event_date(text: str, language: str, published: date | None) -> EventDate | None:
    """Return the most exact date of a sentence, the first of several; None if it states none.

    A bare year in the name of a plan or a treaty does not count ("the programme for 2019").
    """
    analysed = AnalysedText(text, language)
    folded = analysed.folded.text
    found = moments(folded, analysed.figures)
    dates = [
        one for moment in found if (one := _dated(moment, published)) and not _is_name(one, folded, moment)
    ]
    if dates:
        years = {one.year for one in dates if not one.inferred}
        dates = [replace(one, inferred=one.inferred and years != {one.year}) for one in dates]
        return max(dates, key=lambda one: (bool(one.month), bool(one.day), not one.inferred))
    return None if found or _AGO.search(text) else _relative(folded, language, published)


def _relative(folded: str, language: str, published: date | None) -> EventDate | None:
    days = relative_dates(folded, language, published, ())
    if len(days.sure) == 1:
        (day,) = days.sure
        return EventDate(day.year, day.month, day.day, inferred=True)
    return EventDate(min(days.years), inferred=True) if len(days.years) == 1 else None


def _is_name(when: EventDate, text: str, moment: Moment) -> bool:
    """Tell whether a bare year belongs to the name of a plan or a treaty."""
    if when.month:
        return False
    return bool(_NAMED_BEFORE.search(text[: moment.start]) or _NAMED_AFTER.match(text, moment.parts[-1].end))


def _dated(moment: Moment, published: date | None) -> EventDate | None:
    month = min(moment.months) if len(moment.months) == 1 else 0
    day = moment.day or 0
    if len(moment.years) == 1:
        return EventDate(min(moment.years), month, day if month else 0)
    if moment.years or not month or not published:
        return None
    return EventDate(_year(month, day or 1, published), month, day, inferred=True)


def _year(month: int, day: int, published: date) -> int:
    """Return the year of a day without one: the day is the last such one, or shortly after publication."""
    ahead = date(published.year, month, min(day, 28)).toordinal() - published.toordinal()
    return published.year - (ahead > MAX_FUTURE_DAYS)
