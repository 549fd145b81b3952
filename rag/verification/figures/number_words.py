"""The number words of English, French, Vietnamese and Russian, from numerals.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from rag.text.word_sets import word_set


@dataclass(frozen=True, slots=True)
class Words:
    """The number words of a language, by their role; a word maps to its value.

    - `add`: cardinals, which are added within a group of three digits (twenty, five).
    - `times`: multipliers within a group (hundred, dozen, mươi).
    - `scales`: multipliers of a group (thousand, million).
    - `ordinals`: also denominators (third).
    - `parts`: fractions (half, quarters).
    - `implied`: words that imply a number (twice, pair).
    - `joins`: conjunctions within a number (and, linh).
    - `articles`: a, un.
    """

    add: dict[str, Fraction]
    times: dict[str, Fraction]
    scales: dict[str, Fraction]
    ordinals: dict[str, Fraction]
    parts: dict[str, Fraction]
    implied: dict[str, Fraction]
    joins: frozenset[str]
    articles: frozenset[str]


@cache
def words(language: str) -> Words:
    """Return the number words of a language; only scales (million, bn) if numerals.json lacks it."""
    everything = json.loads(Path(__file__).with_name("numerals.json").read_text("utf-8"))
    own = everything.get(language, {})

    def table(name: str, lists: dict[str, dict[str, str]]) -> dict[str, Fraction]:
        return {word: Fraction(value) for value, row in lists.get(name, {}).items() for word in row.split()}

    scales = table("scales", everything["any"]) | table("scales", own)
    return Words(
        add=table("add", own),
        times=table("times", own),
        scales=scales,
        ordinals=table("ordinals", own),
        parts=table("parts", own),
        implied=table("implied", own),
        joins=word_set(own.get("joins", "")),
        articles=word_set(own.get("articles", "")),
    )
