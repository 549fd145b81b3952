"""The drawer: the article behind a citation, with the cited passage highlighted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import streamlit as st

from rag.conversations import Exchange, Translation, export
from rag.locales.message import render
from rag.retrieval.fusion import FusionWeights
from rag.types import Article, ArticleInfo, Hit
from rag.ui import ask_these, digest_view, formatting
from rag.ui.components import component
from rag.ui.marked_text import MarkedText
from rag.ui.strings import Strings

_KEY = "drawer"
_URL = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)
"""Addresses that are shown as links; others are shown as text."""


NEAR, RELATED = 0.2, 0.12
"""Minimum scores of passages that are called near, or related, to the question. Not fitted."""
MOST_WORDS = 0.5
"""Minimum share of the question's words in a passage that is said to have most of them. Not fitted."""
Span = tuple[int, int]


def mount(
    source: str,
    content: dict[str, Any] | None,
    on_act: Callable[[dict[str, Any]], None],
    title: str,
    s: Strings,
) -> None:
    """Mount the drawer, open where there is `content`; `source` identifies what is shown.

    A click on a citation opens the drawer in the browser at once. `on_act` then receives `open`, with
    the answer's id and the passage's number, `close`, or an action of left_out_view.act. "Ask this article"
    leaves the page.
    """
    component("drawer", "article", "digest", "left_out", "translation")(
        key=_KEY,
        data={"of": source, "content": content, "texts": {"title": title, **_texts(s)}},
        on_act_change=lambda: _act(on_act),
    )
    ask_these.leave_fragment()


def _act(on_act: Callable[[dict[str, Any]], None]) -> None:
    action = getattr(st.session_state.get(_KEY), "act", None)
    match action:
        case {"do": "ask", "id": str(id)}:
            ask_these.begin([id])
        case dict():
            on_act(action)


def record_open(action: dict[str, Any], key: str) -> bool:
    """Record under a session key which source the drawer opens or closes; False for another action."""
    match action:
        case {"do": "open", "id": str(id), "n": int(n)}:
            st.session_state[key] = (id, n)
        case {"do": "close"}:
            st.session_state.pop(key, None)
        case _:
            return False
    return True


def payload(exchange: Exchange, n: int, article: Article | None, s: Strings) -> dict[str, Any]:
    """Return the data for drawer.js: the article with its cited passages, or the stored passage alone.

    `article` is None where the library no longer has it.
    """
    hit = exchange.found[n - 1]
    passage, note = hit.passage, ""
    if article is None:
        note = s.drawer.article_gone
    elif not _contains(article, hit):
        note = s.drawer.article_changed
    alone = article is None or bool(note)
    shown = hit.article if article is None or note else article
    text, start = (passage.text, 0) if article is None or alone else (article.text, passage.start)
    return credits_data(shown, s) | {
        "id": article.id if article else "",
        "n": n,
        "note": note,
        "why": why(hit, s),
        "paragraphs": marked_lines(
            text,
            (start, start + len(passage.text)),
            [] if alone else _other_cited_spans(exchange, n, article),
        ),
        "around": neighbours(exchange, n, s),
        "translation": _translation(exchange, n, s),
        "left": None,
        "digest": None if article is None or alone else digest_view.payload(article, s, is_open=False),
    }


def article_data(article: Article, s: Strings, quoted: Span = (0, 0)) -> dict[str, Any]:
    """Return the data for an article, one span of it highlighted."""
    nothing = {"n": 0, "note": "", "why": [], "around": None, "translation": None, "left": None}
    brief = digest_view.payload(article, s, is_open=not any(quoted))
    shown = {"id": article.id, "paragraphs": marked_lines(article.text, quoted), "digest": brief}
    return credits_data(article, s) | nothing | shown


def credits_data(shown: ArticleInfo, s: Strings) -> dict[str, Any]:
    """Return the part of the data that identifies an article to the reader."""
    return {
        "title": shown.title or s.drawer.untitled,
        "lang": shown.language,
        "credits": formatting.credits(shown, s),
        "source": shown.source,
        "address": shown.source if _URL.fullmatch(shown.source) else "",
        "reference": export.citation(shown),
    }


def marked_lines(text: str, cited: Span, also: Sequence[Span] = ()) -> list[list[MarkedText]]:
    """Split `text` into lines, and lines at the bounds of marks; `cited` takes precedence over `also`."""
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


def _contains(article: Article | None, hit: Hit) -> bool:
    passage = hit.passage
    return article is not None and article.text[passage.start : passage.end] == passage.text


def _other_cited_spans(exchange: Exchange, n: int, article: Article | None) -> list[Span]:
    """Return the spans of the article's other cited passages."""
    id = exchange.found[n - 1].article.id
    hits = [exchange.hits[m - 1] for m in export.cited(exchange) if m != n]
    return [(h.passage.start, h.passage.end) for h in hits if h.article.id == id and _contains(article, h)]


def neighbours(exchange: Exchange, n: int, s: Strings) -> dict[str, Any]:
    """Return the previous and the next citation, 0 for none.

    Without citations, these are the passages that the model read; for an unread passage, other unread ones.
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
    """Return the translation into the interface's language, or an offer of one; None where none is needed."""
    if exchange.found[n - 1].article.language == s.language:
        return None
    translation = exchange.translation(n, s.language)
    named = {
        "language": formatting.language(s.language, s),
        "model": translation.model if translation else "",
    }
    if translation is None:
        offered = {"status": "", "running": False, "offer": s.drawer.translate}
        return {"lang": s.language, "text": "", "parts": [], **offered}
    if translation.running:
        status = s.drawer.translating.format(**named)
    elif translation.failure:
        status = s.drawer.translation_failed.format(reason=render(translation.failure, s.language))
    else:
        status = f"{s.drawer.translated_by.format(**named)} {_comparison_text(translation, s)}".strip()
    again = translation.failure or translation.stopped
    offer = s.page.stop if translation.running else s.drawer.translate if again else ""
    drawn = {"text": translation.text, "parts": _parts(translation, s), "status": status}
    return {"lang": s.language, **drawn, "running": translation.running, "offer": offer}


def _comparison_text(translation: Translation, s: Strings) -> str:
    """Return a text on whether a translation differs in figures, dates or names, or was stopped."""
    if translation.stopped:
        return s.answer.stopped
    if translation.discrepancies is None:
        return ""
    return s.drawer.translation_differs if translation.discrepancies else s.drawer.translation_agrees


def _parts(translation: Translation, s: Strings) -> list[dict[str, str]]:
    """Split a translation at the parts that differ from the original; `note` names the difference."""
    parts, at = [], 0
    for one in translation.discrepancies or ():
        labels = [(s.drawer.translation_missing, one.missing), (s.drawer.translation_added, one.added)]
        note = " ".join(text.format(values=formatting.listed(values, s)) for text, values in labels if values)
        parts += [
            {"t": translation.text[at : one.start], "note": ""},
            {"t": translation.text[one.start : one.end], "note": note},
        ]
        at = one.end
    return [part for part in [*parts, {"t": translation.text[at:], "note": ""}] if part["t"]]


def why(hit: Hit, s: Strings) -> list[str]:
    """Return texts on the passage's semantic similarity to the question, and the words that they share."""
    why = hit.why
    if why is None:
        return []
    score, words = why.dense + why.balance + why.keyword, why.keyword / FusionWeights().keywords
    if score >= NEAR:
        near = s.drawer.why_near
    else:
        near = s.drawer.why_related if score >= RELATED else s.drawer.why_far
    if words >= MOST_WORDS:
        shared = s.drawer.why_most_words
    else:
        shared = s.drawer.why_some_words if words > 0 else s.drawer.why_no_words
    return [near, shared] if why.rerank is None else [shared]


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
        "ask": s.drawer.ask_this,
        "why": s.drawer.why_found,
    }
