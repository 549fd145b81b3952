"""An article in brief: the data for digest.js."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from rag.dossiers.digest import digest
from rag.types import Article
from rag.ui.strings import Strings


def payload(article: Article, s: Strings, is_open: bool) -> dict[str, Any] | None:
    """Return key sentences and names, each with the number of its paragraph; None for a short article."""
    made, texts = digest(article), s.drawer
    if not made.sentences:
        return None
    lines = _paragraphs(article.text)

    def pieces(spans: tuple[tuple[int, int], ...]) -> list[dict[str, Any]]:
        return [
            {"t": " ".join(article.text[a:b].split()), "at": lines[article.text.count("\n", 0, a)]}
            for a, b in spans
        ]

    rows = (
        (texts.people, made.people),
        (texts.organisations, made.organisations),
        (texts.places, made.places),
        (texts.other_names, made.others),
        (texts.dates, made.dates),
        (texts.figures, made.figures),
    )
    return {
        "title": texts.in_brief,
        "open": is_open,
        "sentences": pieces(made.sentences),
        "rows": [{"label": label, "pieces": pieces(spans)} for label, spans in rows if spans],
    }


def _paragraphs(text: str) -> list[int]:
    """Return for each line the number of its paragraph, from 0; blank lines are not counted."""
    filled = [bool(line.strip()) for line in text.split("\n")]
    return [n - 1 if there else n for n, there in zip(accumulate(filled), filled, strict=True)]
