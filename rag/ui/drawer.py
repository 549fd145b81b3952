"""What the drawer shows: the article behind a citation, the cited passage marked where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypedDict

import streamlit as st

from rag.conversations import Exchange, exporting
from rag.documents import Article, ArticleInfo, Hit
from rag.ui import messages, wording
from rag.ui.components import component
from rag.ui.strings import Strings

_KEY = "drawer"
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)
"""The only addresses that are opened."""


class Piece(TypedDict):
    """Words of the article; `mark` is "cited" for the open citation, "also" for another one, "" for none."""

    t: str
    mark: str


Span = tuple[int, int]


def mount(
    of: str, content: dict[str, Any] | None, on_act: Callable[[dict[str, Any]], None], title: str, s: Strings
) -> None:
    """The drawer of this page, open where there is `content`; `of` names what that is of.

    A click on a citation opens it in the browser, before this is run again; `on_act` is told: `open` with
    the answer's id and the passage's number, `close`.
    """
    component("drawer", "article", "translation")(
        key=_KEY,
        data={"of": of, "content": content, "texts": {"title": title, **_texts(s)}},
        on_act_change=lambda: on_act(_asked()),
    )


def _asked() -> dict[str, Any]:
    what = getattr(st.session_state.get(_KEY), "act", None)
    return what if isinstance(what, dict) else {}


def payload(exchange: Exchange, n: int, article: Article | None, s: Strings) -> dict[str, Any]:
    """What drawer.js draws: the article with its cited passages marked; else the kept passage alone.

    `article` is None where the library no longer has it.
    """
    hit = exchange.found[n - 1]
    passage, note = hit.passage, ""
    if article is None:
        note = s.article_gone
    elif not _holds(article, hit):
        note = s.article_changed
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
    }


def whole(article: Article, s: Strings) -> dict[str, Any]:
    """The same for an article that is only read: nothing is marked."""
    nothing = {"n": 0, "note": "", "why": [], "around": None, "translation": None}
    return _named(article, s) | nothing | {"paragraphs": marked(article.text, (0, 0))}


def _named(shown: ArticleInfo, s: Strings) -> dict[str, Any]:
    return {
        "title": shown.title or s.untitled,
        "lang": shown.language,
        "credits": wording.credits(shown, s),
        "source": shown.source,
        "address": shown.source if _ADDRESS.fullmatch(shown.source) else "",
        "reference": exporting.citation(shown),
    }


def marked(text: str, cited: Span, also: Sequence[Span] = ()) -> list[list[Piece]]:
    """Cut `text` into its lines, and these where a mark begins or ends; `cited` goes before `also`."""
    lines, at = [], 0
    for line in text.split("\n"):
        end = at + len(line)
        edges = sorted({at, end, *(e for span in (cited, *also) for e in span if at < e < end)})
        pieces = [
            Piece(t=text[left:right], mark=_mark(left, right, cited, also)) for left, right in pairwise(edges)
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
    """Where the other passages of this article stand that the answer cites."""
    id = exchange.found[n - 1].article.id
    hits = [exchange.hits[m - 1] for m in exporting.cited(exchange) if m != n]
    return [(h.passage.start, h.passage.end) for h in hits if h.article.id == id and _holds(article, h)]


def around(exchange: Exchange, n: int, s: Strings) -> dict[str, Any]:
    """The citations before and after, 0 where there is none; the passages read, where none is cited.

    A passage that was not read stands among its like.
    """
    read = len(exchange.hits)
    if n > read:
        numbers, text = list(range(read + 1, len(exchange.found) + 1)), s.unused_one
    else:
        numbers, text = exporting.cited(exchange) or list(range(1, read + 1)), s.source_of.format(n=n)
    before, after = [m for m in numbers if m < n], [m for m in numbers if m > n]
    return {
        "text": text,
        "previous": max(before, default=0),
        "next": min(after, default=0),
    }


def _translation(exchange: Exchange, n: int, s: Strings) -> dict[str, Any] | None:
    """The passage in the interface's language, or the offer of it; nothing where it is in that already."""
    if exchange.found[n - 1].article.language == s.language:
        return None
    there = exchange.translation(n, s.language)
    named = {"language": wording.language(s.language, s), "model": there.model if there else ""}
    if there is None:
        return {"lang": s.language, "text": "", "said": "", "running": False, "offer": s.translate}
    if there.running:
        said = s.translating.format(**named)
    elif there.failure:
        said = s.translation_failed.format(reason=messages.told(there.failure, s))
    else:
        said = f"{s.translated_by.format(**named)} {s.stopped if there.stopped else ''}".strip()
    again = there.failure or there.stopped
    offer = s.stop if there.running else s.translate if again else ""
    return {"lang": s.language, "text": there.text, "said": said, "running": there.running, "offer": offer}


def why(hit: Hit, s: Strings) -> list[dict[str, Any]]:
    """The parts of the hit's score, as words with a figure."""
    made = hit.why
    if made is None:
        return []
    parts = [(s.why_dense, made.dense), (s.why_keyword, made.keyword), (s.why_balance, made.balance)]
    parts += [(s.why_rerank, made.rerank)] if made.rerank is not None else []
    return [
        {"name": name, "figure": f"{wording.number(round(part, 2), s)}", "part": part} for name, part in parts
    ]


def _texts(s: Strings) -> dict[str, str]:
    return {
        "language": s.language,
        "close": s.close,
        "cited": s.highlighted,
        "also": s.also_cited,
        "previous": s.previous_citation,
        "next": s.next_citation,
        "copy": s.copy_reference,
        "copied": s.copied,
        "open": s.open_original,
        "why": s.why_found,
    }
