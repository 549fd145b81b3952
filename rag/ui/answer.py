"""One question and its answer on the page: a component that draws snapshots as they come.

Python says what there is to draw, answer.js builds the nodes with `textContent`, style.css and
answer.css say how it looks. A click on a citation or a source is the drawer's (rag/ui/drawer.js).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from rag.conversations import Exchange
from rag.documents import Hit, Sentence
from rag.ui import drawer, filtering, messages, wording
from rag.ui.components import component
from rag.ui.segments import paragraphs
from rag.ui.strings import Strings


def mount(exchange: Exchange, key: str, on_act: Callable[[], None], s: Strings, **more: object) -> None:
    """Draw the exchange, and `more` that answer.js takes; `on_act` is called on a click, see `asked`.

    The page scrolls to it where `more` says that it is the `latest`, when it is drawn first.
    """
    component("answer", "actions", "sources", "text")(
        key=key, data={**payload(exchange, s), **more}, on_act_change=on_act
    )


def asked(key: str) -> dict[str, Any]:
    """What was clicked, inside the callback."""
    what = getattr(st.session_state.get(key), "act", None)
    return what if isinstance(what, dict) else {}


def payload(exchange: Exchange, s: Strings) -> dict[str, Any]:
    """What answer.js draws; all of it text and numbers."""
    text, absent = exchange.text, exchange.state == "not_found"
    return {
        "id": exchange.id,
        "question": exchange.question,
        "searched": " · ".join(_searched(exchange, s)),
        "lang": exchange.language,
        "state": exchange.state,
        "status": _status(exchange, s),
        "elapsed": _elapsed(exchange, s),
        "thoughts": {"label": s.thoughts, "text": exchange.thinking},
        "paragraphs": [] if absent else paragraphs(text, len(exchange.hits), exchange.sentences),
        "apart": _apart(exchange, s),
        "support": [_support(sentence, s) for sentence in exchange.sentences],
        "legend": s.legend,
        "sourcesTitle": _sources_title(exchange, s),
        "sources": [_source(n, hit, exchange, s) for n, hit in enumerate(exchange.found, 1)],
        "read": len(exchange.hits),
        "unused": s.unused.format(len(exchange.unused)),
        "notice": _notice(exchange, s),
        "warnings": [messages.told(warning, s) for warning in exchange.warnings],
        "footer": _footer(exchange, s),
        "rating": exchange.rating and exchange.rating.good,
    }


def _searched(exchange: Exchange, s: Strings) -> list[str]:
    """The question that was searched, where it is another one; which filters were on."""
    told = [s.searched.format(question=exchange.searched)] if exchange.searched else []
    if exchange.filters:
        told.append(s.searched_among.format(filters=" · ".join(filtering.told(exchange.filters, s))))
    return told


def _status(exchange: Exchange, s: Strings) -> str:
    thinking = exchange.state == "reading" and bool(exchange.thinking)
    states = {
        "waiting": s.waiting,
        "searching": s.searching,
        "loading": s.loading,
        "reading": s.reading,
        "writing": s.writing,
    }
    return s.thinking if thinking else states.get(exchange.state, "")


def _elapsed(exchange: Exchange, s: Strings) -> str:
    """Whole seconds since the question, from the second on, while no word has come."""
    if exchange.state not in ("loading", "reading"):
        return ""
    seconds = int((datetime.now(UTC) - exchange.asked).total_seconds())
    return wording.seconds(1000 * seconds, s) if seconds > 1 else ""


def _support(sentence: Sentence, s: Strings) -> dict[str, str]:
    """How a sentence is borne out; the words are for the tooltip and for screen readers."""
    said = {"supported": "", "partly": s.partly, "unsupported": s.unsupported}[sentence.support]
    because = said and sentence.reason
    label = s.because.format(said=said, reason=messages.told(sentence.reason, s)) if because else said
    return {"level": sentence.support, "label": label}


def _apart(exchange: Exchange, s: Strings) -> dict[str, Any]:
    """What the model wrote and no passage bears out, where it is not part of the answer."""
    ended = exchange.state in {"answered", "not_found"}
    left_out = [x for x in exchange.sentences if ended and x.support == "unsupported"]
    return {
        "title": s.apart,
        "sentences": [{"text": x.text, "reason": messages.told(x.reason, s)} for x in left_out],
    }


def _sources_title(exchange: Exchange, s: Strings) -> str:
    if exchange.state == "not_found":
        return s.closest
    return s.passages_found if exchange.running else s.sources


def _source(n: int, hit: Hit, exchange: Exchange, s: Strings) -> dict[str, Any]:
    title = hit.article.title or s.untitled
    return {
        "n": n,
        "title": title,
        "credits": [*wording.credits(hit.article, s), *wording.also_in(hit.copies, s)],
        "text": hit.passage.text,
        "why": [f"{part['name']} {part['figure']}" for part in drawer.why(hit, s)],
        "lang": hit.article.language,
        "label": s.source_label.format(n=n, title=title),
        "open": s.open_source.format(n=n, title=title),
        "around": drawer.around(exchange, n, s),
        "unread": n > len(exchange.hits),
        "used": exchange.state != "not_found" and not _uncited(n, exchange),
        "aside": s.not_cited if n <= len(exchange.hits) and _uncited(n, exchange) else "",
    }


def _uncited(n: int, exchange: Exchange) -> bool:
    if exchange.state != "answered":
        return False
    return f"[{n}]" not in exchange.text and all(n not in x.citations for x in exchange.sentences)


def _notice(exchange: Exchange, s: Strings) -> dict[str, str] | None:
    if exchange.state == "not_found":
        advice = messages.advice(exchange.advice, exchange.language, s)
        more = " ".join(advice) or (s.not_found_more if exchange.hits else s.not_found_none)
        return {"kind": "absent", "title": messages.refusal(exchange.text, s), "text": more}
    if exchange.state == "failed":
        kept = f" {s.failed_kept}" if exchange.text else ""
        return {
            "kind": "failed",
            "title": s.failed,
            "text": (messages.told(exchange.message, s) or s.unexpected) + kept,
        }
    told = {"stopped": s.stopped, "cut_off": s.cut_off}.get(exchange.state)
    return {"kind": "stopped", "title": "", "text": told} if told else None


def _footer(exchange: Exchange, s: Strings) -> list[str]:
    if exchange.running:
        return []
    times = exchange.timings
    if times is None or not times.total_ms:
        return [exchange.model]
    told = [exchange.model, s.retrieved_in.format(time=wording.seconds(times.retrieve_ms, s))]
    if times.first_token_ms is not None:
        told.append(s.first_word_in.format(time=wording.seconds(times.first_token_ms, s)))
    return [*told, s.whole_in.format(time=wording.seconds(times.total_ms, s))]
