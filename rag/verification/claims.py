"""What a sentence claims that can be looked up: figures, dates and names; what a passage says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "percent", "amount", "day", "month", "year", "time", "name"]
"""`amount` is a number with its currency or unit; `day` a day of a month, `month` one without its day."""

Status = Literal["held", "absent", "elsewhere", "unknown"]
"""`elsewhere`: the value is in the passage, said of something else. `unknown`: not comparable; never counts
against the sentence."""
WRONG: frozenset[Status] = frozenset({"absent", "elsewhere"})
"""The statuses that count against a sentence."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a sentence claims: `sentence[start:end] == text`."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a passage says of a claim; `rival` is the value that it has in its place, where one is clear."""

    claim: Claim
    status: Status
    rival: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a text is to a passage: the balanced cosine with its nearest sentence, and that sentence."""

    near: float
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely a passage entails a text, and contradicts it: from 0 to 1; the rest is neither."""

    entailed: float
    contradicted: float
