"""Questions about the sample library; each is answered rightly by the default model (tests/golden)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleQuestion:
    """A question in a language (ISO 639-1), the article that answers it, below the sample library's folder.

    `expected` is what a right answer contains: spellings, separated by `|`.
    """

    question: str
    language: str
    article: str
    expected: str


@cache
def sample_questions() -> tuple[SampleQuestion, ...]:
    """All sample questions."""
    rows = json.loads((files("rag") / "sample_questions.json").read_text("utf-8"))
    return tuple(SampleQuestion(**row) for row in rows)
