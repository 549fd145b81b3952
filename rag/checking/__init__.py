"""What a sentence claims, looked up in the passages that it cites. Pure: no model takes part."""

from __future__ import annotations

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
    "yesterday" and for a date without its year. A figure inside a name ("G20") belongs to the name.
    """
    names = name_verdicts(text, language, passage, passage_language)
    figures = figure_verdicts(text, language, passage, passage_language, published=published)
    inside = {at for one in names for at in range(one.claim.start, one.claim.end)}
    found = [*names, *(one for one in figures if one.claim.start not in inside)]
    return sorted(found, key=lambda one: one.claim.start)
