"""What a sentence claims, looked up in the passages that it cites. Pure: no model takes part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.checking.claims import Claim, Kind, Status, Verdict
from rag.checking.figures import figure_verdicts
from rag.checking.names import name_verdicts

__all__ = ["Claim", "Kind", "Status", "Verdict", "verdicts"]


def verdicts(
    text: str, language: str, passage: str, passage_language: str, *, published: date | None = None
) -> list[Verdict]:
    """What a passage says of each figure, date and name of a sentence, in order.

    Languages are ISO 639-1 codes; `published` is the day of the passage's article, which may stand for
    "yesterday" and for a date without its year. A figure inside a name ("G20") belongs to the name, a
    capital inside a figure ("Forty-two") to the figure.
    """
    names = name_verdicts(text, language, passage, passage_language)
    figures = figure_verdicts(text, language, passage, passage_language, published=published)
    whole = [one for one in names if not _inside(one, figures)]
    found = [*whole, *(one for one in figures if not _inside(one, whole))]
    return sorted(found, key=lambda one: one.claim.start)


def _inside(verdict: Verdict, others: Sequence[Verdict]) -> bool:
    """Whether a claim is a part of another, or the same piece of the sentence."""
    start, end = verdict.claim.start, verdict.claim.end
    return any(one.claim.start <= start and end <= one.claim.end for one in others)
