"""The expected answer type of a question (year, length, count), and whether an answer has such a value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from rag.verification.analysed_text import AnalysedText

Expected = Literal[
    "year", "date", "length", "weight", "area", "money", "percent", "duration", "count", "person"
]


@cache
def _tables() -> dict[str, dict[Expected, re.Pattern[str]]]:
    """Return the patterns of expected.json that recognise each answer type in a question, by language."""
    rows = json.loads(Path(__file__).with_name("expected.json").read_text("utf-8"))["asks"]
    languages = next(iter(rows.values()))
    return {
        code: {kind: re.compile(row[code], re.IGNORECASE) for kind, row in rows.items()} for code in languages
    }


@cache
def _words(name: str) -> re.Pattern[str]:
    """Return a word list of expected.json: "weekday" (with relative days) or "one" (one and none)."""
    row = json.loads(Path(__file__).with_name("expected.json").read_text("utf-8"))[name]
    return re.compile(row, re.IGNORECASE)


def expected(question: str, language: str) -> Expected | None:
    """Return the expected answer type of a question; None if any text may answer it."""
    return next(
        (kind for kind, asks in _tables().get(language, _tables()["en"]).items() if asks.search(question)),
        None,
    )


def has_type(answers: Iterable[AnalysedText], kind: Expected) -> bool:
    """Tell whether a sentence of an answer has a value of the expected type."""
    return any(_has_type(answer, kind) for answer in answers)


def _has_type(answer: AnalysedText, kind: Expected) -> bool:
    kinds = {one.kind for one in answer.figures}
    measures = {one.unit.measure for one in answer.figures if one.unit}
    found: object
    match kind:
        case "person":
            found = answer.names or len(answer.words) > 2
        case "year":
            found = "year" in kinds
        case "date":
            dated = kinds & {"day", "month", "year", "time"}
            found = dated or measures or _words("weekday").search(answer.text)
        case "percent":
            found = "percent" in kinds or any(max(one.values) < 1 for one in answer.figures)
        case "count":
            found = kinds & {"number", "amount", "percent"} or _words("one").search(answer.text)
        case "duration":
            found = measures & {"duration", "period"} or kinds & {"day", "month", "year"}
        case _:
            found = kind in measures
    return bool(found)
