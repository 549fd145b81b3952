"""A timeline as it is drawn: points in proportion, one above the other at one place, years below."""

from __future__ import annotations

import pytest
from ui_examples import answer

from rag.conversations import Exchange
from rag.events import Answered
from rag.types import Sentence
from rag.ui.strings import strings
from rag.ui.timeline_view import payload

ENGLISH = strings("en")


def timeline(*dates: str, kind: str = "timeline") -> Exchange:
    sentences = tuple(Sentence(f"It was {day}.", (1,), "supported") for day in dates)
    answered = Answered(answer(kind=kind, dates=dates, sentences=sentences))
    return Exchange(id="x1", question="A timeline?", model="").after(answered)


def test_points_stand_in_proportion_between_years() -> None:
    drawn = payload(timeline("2001-01-01", "2003", "2004-12-31"), ENGLISH)
    assert drawn
    assert [tick["text"] for tick in drawn["ticks"]] == ["2001", "2002", "2003", "2004", "2005"]
    first, middle, last = (point["at"] for point in drawn["points"])
    assert (first, middle, last) == pytest.approx((0, 0.625, 1), abs=0.01)
    assert [point["text"] for point in drawn["points"]] == ["1 Jan 2001", "2003", "31 Dec 2004"]
    assert [point["s"] for point in drawn["points"]] == [0, 1, 2]


def test_points_at_one_place_stand_above_each_other() -> None:
    drawn = payload(timeline("1950-05", "2020-05-01", "2020-05-03", "2020-06", "2024"), ENGLISH)
    assert drawn
    assert [point["lane"] for point in drawn["points"]] == [0, 0, 1, 2, 0]
    assert len(drawn["ticks"]) <= 8 and all(0 <= point["at"] <= 1 for point in drawn["points"])


def test_what_is_no_history_is_not_drawn() -> None:
    assert payload(timeline("2001", "2002"), ENGLISH) is None
    assert payload(timeline("2001", "2002", "2003", kind="dossier"), ENGLISH) is None
