"""Data of a checked draft for draft.js: texts and numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rag.drafts import notes
from rag.drafts.checked_draft import Backing, CheckedSentence
from rag.locales.message import Message, render
from rag.ui import formatting
from rag.ui.marked_text import MarkedText
from rag.ui.strings import Strings

Span = tuple[int, int]


def payload(sentences: Sequence[CheckedSentence], notices: Sequence[str], s: Strings) -> dict[str, Any]:
    """Return the sentences with their findings, and `notices` to show above them."""
    return {
        "label": s.draft.results,
        "notices": list(notices),
        "legend": render(Message.of("draft_legend"), s.language) if sentences else "",
        "sentences": [_sentence(n, one, s) for n, one in enumerate(sentences, 1)],
    }


def backing(sentences: Sequence[CheckedSentence], sentence: int, quote: int) -> Backing | None:
    """Return a quotation by the numbers of its sentence and of itself, from 1; None where there is none."""
    if not 1 <= sentence <= len(sentences) or not 1 <= quote <= len(sentences[sentence - 1].backings):
        return None
    return sentences[sentence - 1].backings[quote - 1]


def _sentence(n: int, one: CheckedSentence, s: Strings) -> dict[str, Any]:
    closest = one.finding == "not_found" and bool(one.backings)
    return {
        "n": n,
        "finding": one.finding,
        "sign": notes.SIGNS[one.finding],
        "word": notes.named(one.finding, s.language),
        "lang": one.language,
        "pieces": _pieces(one.text, [(d.start, d.end) for d in one.deviations], "differs"),
        "differences": notes.differences(one, s.language),
        "lead": render(Message.of("draft_closest"), s.language) if closest else "",
        "quotes": [_quote(k, quoted, s) for k, quoted in enumerate(one.backings, 1)],
    }


def _quote(k: int, quoted: Backing, s: Strings) -> dict[str, Any]:
    return {
        "n": k,
        "lang": quoted.language,
        "title": quoted.article.title or s.drawer.untitled,
        "credits": formatting.credits(quoted.article, s),
        "pieces": _pieces(quoted.text, quoted.strong, "strong"),
        "opens": s.draft.opens.format(n=k),
    }


def _pieces(text: str, marked: Sequence[Span], mark: str) -> list[MarkedText]:
    """Split a text at the bounds of marked spans."""
    bounds = sorted({0, len(text), *(at for span in marked for at in span)})
    return [
        MarkedText(t=text[a:b], mark=mark if any(x <= a and b <= y for x, y in marked) else "")
        for a, b in pairwise(bounds)
    ]
