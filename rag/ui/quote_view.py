"""Data of the quotations that an answer shows, for quotes.js: texts and numbers only."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from rag.conversations import Exchange
from rag.types import SHOWN_QUOTES, Quote
from rag.ui import formatting
from rag.ui.marked_text import MarkedText
from rag.ui.strings import Strings

MAX_CONTEXT_CHARACTERS = 160
"""Maximum characters of the passage shown on each side of a quoted sentence. Not fitted."""


def payload(exchange: Exchange, s: Strings) -> dict[str, Any]:
    """Return the quotations that most likely answer, best first."""
    below = exchange.state == "answered"
    apart = exchange.state != "not_found" and exchange.kind == "content"  # others quote in their text
    shown = exchange.quotes[:SHOWN_QUOTES] if apart else ()
    return {
        "title": s.answer.quotes_below if below else s.answer.quotes,
        "below": below,
        "quotes": [
            _quote(quote, exchange, s) | {"keep": "" if exchange.running else f"q{n}"}
            for n, quote in enumerate(shown)
        ],
    }


def excerpt(exchange: Exchange, n: int) -> str:
    """Return the text of passage `n`, starting at its answering sentence."""
    text = exchange.found[n - 1].passage.text
    start = next((quote.start for quote in exchange.quotes if quote.n == n), 0)
    return f"… {text[start:]}" if start else text


def _quote(quote: Quote, exchange: Exchange, s: Strings) -> dict[str, Any]:
    hit = exchange.found[quote.n - 1]
    foreign = hit.language != s.language
    return {
        "n": quote.n,
        "lang": hit.language,
        "title": hit.article.title or s.drawer.untitled,
        "credits": formatting.credits(hit.article, s),
        "pieces": pieces(hit.passage.text, quote),
        "translate": s.drawer.translate if foreign else "",
    }


def pieces(text: str, quote: Quote) -> list[MarkedText]:
    """Split the sentence, with its context on each side, at the bounds of its marks."""
    left, right = (
        max(quote.start - MAX_CONTEXT_CHARACTERS, 0),
        min(quote.end + MAX_CONTEXT_CHARACTERS, len(text)),
    )
    bounds = {left, quote.start, quote.end, right, *(at for span in quote.strong for at in span)}
    marked = [MarkedText(t=text[a:b], mark=_mark(a, b, quote)) for a, b in pairwise(sorted(bounds))]
    if left:
        marked[0]["t"] = f"… {marked[0]['t']}"
    if right < len(text):
        marked[-1]["t"] = f"{marked[-1]['t']} …"
    return marked


def _mark(start: int, end: int, quote: Quote) -> str:
    if not quote.start <= start < quote.end:
        return "pale"
    return "strong" if any(a <= start and end <= b for a, b in quote.strong) else ""
