"""The result of checking a draft: its sentences, what the articles say of each, word for word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.types import ArticleInfo
from rag.verification.claims import Kind

Finding = Literal["confirmed", "differs", "not_found", "passed_over"]
"""`confirmed`: an article has a sentence close to it, and every figure, date and name of it. `differs`: an
article says the same of another figure, date or name. `not_found`: neither; that is no sign that it is false.
`passed_over`: it has no figure, date or name, or asks something."""


@dataclass(frozen=True, slots=True)
class Backing:
    """A sentence of an article, quoted: `article.text[start:end] == text`, in a language (ISO 639-1).

    `strong` are the spans of `text` with values that differ from the draft's.
    """

    article: ArticleInfo
    language: str
    start: int
    end: int
    text: str
    strong: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Deviation:
    """A value of a draft, `text[start:end]`, in whose place an article has another.

    `n` is the number of the sentence's backing that has it, from 1.
    """

    kind: Kind
    start: int
    end: int
    said: str
    instead: str
    n: int


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft, `text[start:end]` of that, and what the articles say.

    `backings` are what confirms it, has the other values, or comes closest; best first.
    """

    start: int
    end: int
    text: str
    language: str
    finding: Finding
    backings: tuple[Backing, ...] = ()
    deviations: tuple[Deviation, ...] = ()


def counts(sentences: Sequence[CheckedSentence]) -> dict[Finding, int]:
    """The number of sentences by finding, all four."""
    found = Counter(one.finding for one in sentences)
    order: tuple[Finding, ...] = ("confirmed", "differs", "not_found", "passed_over")
    return {name: found[name] for name in order}
