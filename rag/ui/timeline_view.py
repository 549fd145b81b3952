"""A timeline as a drawing: the data for timeline.js."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, floor
from typing import Any

from rag.conversations import Exchange
from rag.locales.partial_dates import partial_date
from rag.ui.strings import Strings

MIN_POINTS = 3
"""Minimum number of entries for a drawing. Not fitted."""
MAX_TICKS = 7
"""Maximum number of years written below the axis. Not fitted."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Years between two ticks, of which the smallest that gives at most MAX_TICKS is used. Not fitted."""
MIN_DISTANCE = 0.016
"""Minimum distance of two points in one lane, as a share of the axis. Not fitted."""
DAYS_OF_A_YEAR = 365.2425


def payload(exchange: Exchange, s: Strings) -> dict[str, Any] | None:
    """Return the points of a timeline, each with the number of its sentence; None for any other answer.

    `at` is a share of the axis, 0 to 1; `lane` numbers points that would overlap, from 0.
    """
    if exchange.kind != "timeline" or len(exchange.dates) < MIN_POINTS:
        return None
    years = [_year(day) for day in exchange.dates]
    first, last = floor(min(years)), ceil(max(years))
    step = next((n for n in STEPS if (last - first) / n < MAX_TICKS), STEPS[-1])
    places = [(year - first) / (last - first) for year in years]
    points = [
        {"at": round(place, 4), "lane": lane, "text": partial_date(*_parts(day), s.language), "s": n}
        for n, (place, lane, day) in enumerate(zip(places, _lanes(places), exchange.dates, strict=True))
    ]
    ticks = range(ceil(first / step) * step, last + 1, step)
    return {
        "points": points,
        "ticks": [{"at": (year - first) / (last - first), "text": str(year)} for year in ticks],
    }


def _year(day: str) -> float:
    """Return a date in years; an incomplete date is the middle of its year or month."""
    year, month, day_of_month = _parts(day)
    if not month:
        return year + 0.5
    of_year = date(2001, month, min(day_of_month or 15, 28)).timetuple().tm_yday
    return year + of_year / DAYS_OF_A_YEAR


def _parts(day: str) -> tuple[int, int, int]:
    year, month, of_month = [*map(int, day.split("-")), 0, 0][:3]
    return year, month, of_month


def _lanes(places: Sequence[float]) -> list[int]:
    """Return the lane of each point: the number of earlier points that it would overlap."""
    lanes: list[int] = []
    begins = -1.0
    for place in places:
        same = bool(lanes) and place - begins < MIN_DISTANCE
        lanes.append(lanes[-1] + 1 if same else 0)
        begins = begins if same else place
    return lanes
