"""The result of checking a draft: its sentences, each with quotations from the articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.types import ArticleInfo
from rag.verification.claims import ClaimKind

Finding = Literal["confirmed", "differs", "not_found", "passed_over"]
"""The result for a sentence. `confirmed`: an article has a similar sentence and each of its figures, dates
and names. `differs`: an article has another figure, date or name in place of one. `not_found`: neither; the
sentence may still be true. `passed_over`: it states no figure, date or name, or is a question."""


@dataclass(frozen=True, slots=True)
class Backing:
    """A quoted sentence of an article, `article.text[start:end] == text`, in a language (ISO 639-1).

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
    """A value of a sentence, `text[start:end]`, and the other value, `instead`, that an article has.

    `n` is the number, from 1, of the sentence's backing with the other value.
    """

    kind: ClaimKind
    start: int
    end: int
    said: str
    instead: str
    n: int


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft, `draft[start:end] == text`, and its result.

    `backings` are the sentences that confirm it, that have the other values, or that are nearest; best first.
    """

    start: int
    end: int
    text: str
    language: str
    finding: Finding
    backings: tuple[Backing, ...] = ()
    deviations: tuple[Deviation, ...] = ()


def counts(sentences: Sequence[CheckedSentence]) -> dict[Finding, int]:
    """Count the sentences by finding, with 0 for a finding that does not occur."""
    found = Counter(one.finding for one in sentences)
    order: tuple[Finding, ...] = ("confirmed", "differs", "not_found", "passed_over")
    return {name: found[name] for name in order}
