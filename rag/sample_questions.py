"""Questions about the sample library that the default model answers correctly (tests/golden)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleQuestion:
    """A question, its language (ISO 639-1), and the path of its article in the sample library.

    `expected` are spellings, separated by `|`, one of which a correct answer contains.
    """

    question: str
    language: str
    article: str
    expected: str


@cache
def sample_questions() -> tuple[SampleQuestion, ...]:
    """Return all sample questions."""
    rows = json.loads((files("rag") / "sample_questions.json").read_text("utf-8"))
    return tuple(SampleQuestion(**row) for row in rows)
