"""Claims of a sentence that can be looked up (figures, dates, names), and a passage's verdicts on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ClaimKind = Literal["number", "percent", "amount", "day", "month", "year", "time", "name"]
"""`amount`: a number with a currency or unit. `day`: a day of a month. `month`: a month without a day."""

Span = tuple[int, int]
"""Start and end of a part of a text."""
Status = Literal["held", "absent", "elsewhere", "unknown"]
"""`held`: the passage has the value. `absent`: it does not. `elsewhere`: it has the value, but says it of
something else. `unknown`: not comparable; never counts against the sentence."""
WRONG: frozenset[Status] = frozenset({"absent", "elsewhere"})
"""The statuses that count against a sentence."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A single checkable value of a sentence: `sentence[start:end] == text`."""

    kind: ClaimKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A passage's verdict on a claim.

    `rival`: the value that the passage has in place of the claimed one; "" if that is not clear.
    """

    claim: Claim
    status: Status
    rival: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The centred cosine of a text with the nearest sentence of a passage, and that sentence."""

    cosine: float
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities, from 0 to 1, that a passage entails a text and that it contradicts it (NLI)."""

    entailed: float
    contradicted: float
