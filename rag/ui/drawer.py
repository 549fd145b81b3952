"""The drawer: the article behind a citation, with the cited passage highlighted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import streamlit as st

from rag.conversations import Exchange, Translation, export
from rag.locales.message import render
from rag.types import Article, ArticleInfo, Hit
from rag.ui import formatting
from rag.ui.components import component
from rag.ui.marked_text import MarkedText
from rag.ui.strings import Strings

_KEY = "drawer"
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)
"""Addresses that may be opened; others are dropped."""


Span = tuple[int, int]


def mount(
    of: str, content: dict[str, Any] | None, on_act: Callable[[dict[str, Any]], None], title: str, s: Strings
) -> None:
    """Mount the drawer, open where there is `content`; `of` names its source.

    A click on a citation opens the drawer in the browser at once. `on_act` then receives `open`, with
    the answer's id and the passage's number, `close`, or what left_out_view.act does.
    """
    component("drawer", "article", "left_out", "translation")(
        key=_KEY,
        data={"of": of, "content": content, "texts": {"title": title, **_texts(s)}},
        on_act_change=lambda: on_act(_asked()),
    )


def _asked() -> dict[str, Any]:
    what = getattr(st.session_state.get(_KEY), "act", None)
    return what if isinstance(what, dict) else {}


def payload(exchange: Exchange, n: int, article: Article | None, s: Strings) -> dict[str, Any]:
    """Return the data for drawer.js: the article with its cited passages, or the stored passage alone.

    `article` is None where the library no longer has it.
    """
    hit = exchange.found[n - 1]
    passage, note = hit.passage, ""
    if article is None:
        note = s.drawer.article_gone
    elif not _holds(article, hit):
        note = s.drawer.article_changed
    alone = article is None or bool(note)
    shown = hit.article if article is None or note else article
    text, start = (passage.text, 0) if article is None or alone else (article.text, passage.start)
    return _named(shown, s) | {
        "n": n,
        "note": note,
        "why": why(hit, s),
        "paragraphs": marked(
            text, (start, start + len(passage.text)), [] if alone else _others(exchange, n, article)
        ),
        "around": around(exchange, n, s),
        "translation": _translation(exchange, n, s),
        "left": None,
    }


def whole(article: Article, s: Strings) -> dict[str, Any]:
    """Return the data for an article without highlights."""
    nothing = {"n": 0, "note": "", "why": [], "around": None, "translation": None, "left": None}
    return _named(article, s) | nothing | {"paragraphs": marked(article.text, (0, 0))}


def _named(shown: ArticleInfo, s: Strings) -> dict[str, Any]:
    return {
        "title": shown.title or s.drawer.untitled,
        "lang": shown.language,
        "credits": formatting.credits(shown, s),
        "source": shown.source,
        "address": shown.source if _ADDRESS.fullmatch(shown.source) else "",
        "reference": export.citation(shown),
    }


def marked(text: str, cited: Span, also: Sequence[Span] = ()) -> list[list[MarkedText]]:
    """Split `text` into lines, and lines at the bounds of marks; `cited` outranks `also`."""
    lines, at = [], 0
    for line in text.split("\n"):
        end = at + len(line)
        edges = sorted({at, end, *(e for span in (cited, *also) for e in span if at < e < end)})
        pieces = [
            MarkedText(t=text[left:right], mark=_mark(left, right, cited, also))
            for left, right in pairwise(edges)
        ]
        if line.strip():
            lines.append(pieces)
        at = end + 1
    return lines


def _mark(left: int, right: int, cited: Span, also: Sequence[Span]) -> str:
    if cited[0] <= left and right <= cited[1]:
        return "cited"
    return "also" if any(start <= left and right <= end for start, end in also) else ""


def _holds(article: Article | None, hit: Hit) -> bool:
    passage = hit.passage
    return article is not None and article.text[passage.start : passage.end] == passage.text


def _others(exchange: Exchange, n: int, article: Article | None) -> list[Span]:
    """Return the spans of the article's other cited passages."""
    id = exchange.found[n - 1].article.id
    hits = [exchange.hits[m - 1] for m in export.cited(exchange) if m != n]
    return [(h.passage.start, h.passage.end) for h in hits if h.article.id == id and _holds(article, h)]


def around(exchange: Exchange, n: int, s: Strings) -> dict[str, Any]:
    """Return the previous and next citation, 0 for none.

    Without citations, passages in the prompt are counted. An unused passage has unused neighbours.
    """
    read = len(exchange.hits)
    if n > read:
        numbers, text = list(range(read + 1, len(exchange.found) + 1)), s.answer.unused_one
    else:
        numbers, text = export.cited(exchange) or list(range(1, read + 1)), s.drawer.source_of.format(n=n)
    before, after = [m for m in numbers if m < n], [m for m in numbers if m > n]
    return {
        "text": text,
        "previous": max(before, default=0),
        "next": min(after, default=0),
    }


def _translation(exchange: Exchange, n: int, s: Strings) -> dict[str, Any] | None:
    """Return the translation into the interface's language, or the offer; None where none is needed."""
    if exchange.found[n - 1].article.language == s.language:
        return None
    there = exchange.translation(n, s.language)
    named = {"language": formatting.language(s.language, s), "model": there.model if there else ""}
    if there is None:
        offered = {"said": "", "running": False, "offer": s.drawer.translate}
        return {"lang": s.language, "text": "", "parts": [], **offered}
    if there.running:
        said = s.drawer.translating.format(**named)
    elif there.failure:
        said = s.drawer.translation_failed.format(reason=render(there.failure, s.language))
    else:
        said = f"{s.drawer.translated_by.format(**named)} {_compared(there, s)}".strip()
    again = there.failure or there.stopped
    offer = s.page.stop if there.running else s.drawer.translate if again else ""
    drawn = {"text": there.text, "parts": _parts(there, s), "said": said}
    return {"lang": s.language, **drawn, "running": there.running, "offer": offer}


def _compared(there: Translation, s: Strings) -> str:
    """Say whether a translation differs from the original in figures, dates or names, or was stopped."""
    if there.stopped:
        return s.answer.stopped
    if there.discrepancies is None:
        return ""
    return s.drawer.translation_differs if there.discrepancies else s.drawer.translation_agrees


def _parts(there: Translation, s: Strings) -> list[dict[str, str]]:
    """Split a translation behind each part that differs from the original; `note` says in what."""
    parts, at = [], 0
    for one in there.discrepancies or ():
        told = [(s.drawer.translation_missing, one.missing), (s.drawer.translation_added, one.added)]
        note = " ".join(text.format(values=formatting.listed(values, s)) for text, values in told if values)
        parts += [
            {"t": there.text[at : one.start], "note": ""},
            {"t": there.text[one.start : one.end], "note": note},
        ]
        at = one.end
    return [part for part in [*parts, {"t": there.text[at:], "note": ""}] if part["t"]]


def why(hit: Hit, s: Strings) -> list[dict[str, Any]]:
    """Return the parts of the hit's score, each with its label and value."""
    made = hit.why
    if made is None:
        return []
    parts = [
        (s.drawer.why_dense, made.dense),
        (s.drawer.why_keyword, made.keyword),
        (s.drawer.why_balance, made.balance),
    ]
    parts += [(s.drawer.why_rerank, made.rerank)] if made.rerank is not None else []
    return [
        {"name": name, "figure": f"{formatting.number(round(part, 2), s)}", "part": part}
        for name, part in parts
    ]


def _texts(s: Strings) -> dict[str, str]:
    return {
        "language": s.language,
        "close": s.conversations.close,
        "cited": s.drawer.highlighted,
        "also": s.drawer.also_cited,
        "previous": s.drawer.previous_citation,
        "next": s.drawer.next_citation,
        "copy": s.drawer.copy_reference,
        "copied": s.answer.copied,
        "open": s.drawer.open_original,
        "why": s.drawer.why_found,
    }
