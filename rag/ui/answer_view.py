"""One question and its answer, drawn again for each snapshot of a running answer.

Python computes the content, answer.js builds the nodes with `textContent`, and answer.css styles them.
The drawer (rag/ui/drawer.js) handles clicks on citations and sources.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from rag.conversations import Exchange
from rag.locales.message import Message, render, render_all
from rag.notebooks.keeping import can_keep_answer
from rag.types import Hit, Sentence
from rag.ui import answer_actions, drawer, filter_form, formatting, quote_view, style_picker, timeline_view
from rag.ui.answer_segments import paragraphs
from rag.ui.components import component
from rag.ui.strings import Strings

UNCONFIRMED = frozenset({"unconfirmed", "not_found"})
"""States in which the model's text is not the answer."""


def key(id: str) -> str:
    """Return the widget key of an exchange. Streamlit rejects "__" in keys, which a random id may contain."""
    return f"answer-{id.encode().hex()}"


def mount(exchange: Exchange, key: str, on_act: Callable[[], None], s: Strings, **more: object) -> None:
    """Draw the exchange; `more` is passed to answer.js. `on_act` is called on a click: see `clicked_action`.

    With `latest` in `more`, the page scrolls to the exchange when it is first drawn.
    """
    component("answer", "actions", "keep_button", "quotes", "sources", "text", "timeline")(
        key=key, data={**payload(exchange, s), **more}, on_act_change=on_act
    )


def next_questions(exchange: Exchange, s: Strings) -> dict[str, Any]:
    """Return suggested questions, for the latest answer of a conversation."""
    reply = exchange.reply_offers or exchange.running
    return {"title": s.answer.ask_next, "questions": [] if reply else list(exchange.offers)}


def clicked_action(key: str) -> dict[str, Any]:
    """Return the clicked action, inside the callback."""
    action = getattr(st.session_state.get(key), "act", None)
    return action if isinstance(action, dict) else {}


def payload(exchange: Exchange, s: Strings) -> dict[str, Any]:
    """Return the data for answer.js: texts and numbers only."""
    confirmed = exchange.state not in UNCONFIRMED
    return {
        "id": exchange.id,
        "question": exchange.question,
        "searched": " · ".join(_searched(exchange, s)),
        "lang": exchange.language,
        "state": exchange.state,
        "status": _status(exchange, s),
        "elapsed": _elapsed(exchange, s),
        "thoughts": {"label": s.answer.thoughts, "text": exchange.thinking},
        "paragraphs": paragraphs(exchange.text, len(exchange.hits), exchange.sentences) if confirmed else [],
        "keepable": exchange.kind in answer_actions.BROAD and can_keep_answer(exchange),
        "timeline": timeline_view.payload(exchange, s),
        "quotes": quote_view.payload(exchange, s),
        "apart": _unsupported(exchange, s),
        "support": [support(sentence, s) for sentence in exchange.sentences],
        "legend": s.answer.legend,
        "sourcesTitle": _sources_title(exchange, s),
        "sources": [_source(n, hit, exchange, s) for n, hit in enumerate(exchange.found, 1)],
        "read": len(exchange.hits),
        "unused": s.answer.unused.format(len(exchange.unused)),
        "notice": _notice(exchange, s),
        "offers": list(exchange.reply_offers),
        "warnings": render_all(exchange.warnings, s.language),
        "footer": _footer(exchange, s),
        "rating": exchange.rating and exchange.rating.good,
    }


def _searched(exchange: Exchange, s: Strings) -> list[str]:
    """Return the rewritten question where it differs, the corrected names and the active filters."""
    parts = [s.answer.searched.format(question=exchange.searched)] if exchange.searched else []
    if exchange.mended:
        known = formatting.listed([one.known for one in exchange.mended], s)
        parts.append(s.answer.also_searched.format(names=known))
    if active := filter_form.describe(exchange.filters, s):
        parts.append(s.filters.searched_among.format(filters=" · ".join(active)))
    return parts


def _status(exchange: Exchange, s: Strings) -> str:
    thinking = exchange.state == "reading" and bool(exchange.thinking)
    states = {
        "waiting": s.answer.waiting,
        "searching": s.answer.searching,
        "loading": s.answer.loading,
        "reading": s.answer.reading,
        "writing": s.answer.writing,
    }
    return s.answer.thinking if thinking else states.get(exchange.state, "")


def _elapsed(exchange: Exchange, s: Strings) -> str:
    """Return whole seconds since the question, from 2 on, until the first word."""
    if exchange.state not in ("loading", "reading"):
        return ""
    seconds = int((datetime.now(UTC) - exchange.asked).total_seconds())
    return formatting.seconds(1000 * seconds, s) if seconds > 1 else ""


def support(sentence: Sentence, s: Strings) -> dict[str, str]:
    """Return a sentence's support, with its text for the tooltip and screen readers."""
    text = {"supported": "", "partly": s.answer.partly, "unsupported": s.answer.unsupported}[sentence.support]
    reason = _rendered(sentence.reason, s)
    label = s.answer.because.format(said=text, reason=reason) if text and reason else text
    return {"level": sentence.support, "label": label}


def _rendered(reason: Message | None, s: Strings) -> str:
    return render(reason, s.language) if reason else ""


def _unsupported(exchange: Exchange, s: Strings) -> dict[str, Any]:
    """Return the unsupported sentences, which are listed below the answer."""
    ended = exchange.state == "answered" or exchange.state in UNCONFIRMED
    unsupported = [x for x in exchange.sentences if ended and x.support == "unsupported"]
    return {
        "title": s.answer.apart,
        "folded": exchange.state in UNCONFIRMED,
        "sentences": [{"text": x.text, "reason": _rendered(x.reason, s)} for x in unsupported],
    }


def _sources_title(exchange: Exchange, s: Strings) -> str:
    if exchange.kind == "library":
        return s.articles.articles_title
    return s.answer.sources if exchange.state == "answered" else s.answer.passages_found


def _source(n: int, hit: Hit, exchange: Exchange, s: Strings) -> dict[str, Any]:
    title = hit.article.title or s.drawer.untitled
    return {
        "n": n,
        "title": title,
        "credits": [*formatting.credits(hit.article, s), *formatting.also_in(hit.copies, s)],
        "text": hit.passage.text,
        "excerpt": quote_view.excerpt(exchange, n),
        "why": drawer.why(hit, s),
        "lang": hit.article.language,
        "label": s.answer.source_label.format(n=n, title=title),
        "open": s.answer.open_source.format(n=n, title=title),
        "around": drawer.neighbours(exchange, n, s),
        "unread": n > len(exchange.hits),
        "used": exchange.state not in UNCONFIRMED and not _uncited(n, exchange),
        "aside": s.answer.not_cited if n <= len(exchange.hits) and _uncited(n, exchange) else "",
    }


def _uncited(n: int, exchange: Exchange) -> bool:
    if exchange.state != "answered":
        return False
    return f"[{n}]" not in exchange.text and all(n not in x.citations for x in exchange.sentences)


def _notice(exchange: Exchange, s: Strings) -> dict[str, str] | None:
    if exchange.state in UNCONFIRMED:
        absent = exchange.state == "not_found"
        title = s.answer.not_found if absent else s.answer.unconfirmed
        advice = " ".join(render_all(exchange.advice, s.language))
        return {"kind": "absent", "title": title, "text": advice or s.answer.not_found_more * absent}
    if exchange.state == "failed":
        kept = f" {s.answer.failed_kept}" if exchange.text else ""
        return {
            "kind": "failed",
            "title": s.answer.failed,
            "text": render(exchange.message or Message.of("unexpected"), s.language) + kept,
        }
    text = {"stopped": s.answer.stopped, "cut_off": s.answer.cut_off}.get(exchange.state)
    return {"kind": "stopped", "title": "", "text": text} if text else None


def _footer(exchange: Exchange, s: Strings) -> list[str]:
    if exchange.running:
        return []
    if exchange.kind != "content":
        origins = {"library": s.answer.without_model} | dict.fromkeys(answer_actions.BROAD, s.answer.quoted)
        return [origins[exchange.kind]] if exchange.kind in origins else []
    times = exchange.timings
    written = [exchange.model, *style_picker.describe(exchange.style, s)]
    if times is None or not times.total_ms:
        return written
    parts = [*written, s.answer.retrieved_in.format(time=formatting.seconds(times.retrieve_ms, s))]
    if times.first_token_ms is not None:
        parts.append(s.answer.first_word_in.format(time=formatting.seconds(times.first_token_ms, s)))
    return [*parts, s.answer.whole_in.format(time=formatting.seconds(times.total_ms, s))]
