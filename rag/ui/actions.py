"""What a reader can do with an answer, and doing it: ask again, edit, page through versions, rate, stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.conversations import Conversation, Exchange, Rating, exporting
from rag.generating import Model
from rag.ui import picker
from rag.ui.strings import Strings

GOOD = ("right", "sources", "clear")
BAD = ("wrong", "source", "missing", "question", "refused", "language")
"""Preset reasons; their texts are `Strings.reason_...`."""


def offered(
    conversation: Conversation, exchange: Exchange, models: Sequence[Model], s: Strings
) -> dict[str, Any]:
    """What actions.js draws under an answer."""
    others = [model for model in models if model.name != exchange.model]
    return {
        "running": exchange.running,
        "copied": "" if exchange.running else exporting.as_text(exchange),
        "models": [{"name": model.name, "more": picker.describe(model, s)} for model in others],
        "version": _version(conversation, exchange, s),
        "reasons": {"good": _reasons(GOOD, s), "bad": _reasons(BAD, s)},
        "texts": _texts(s),
    }


def act(conversation: Conversation, exchange: Exchange, asked: dict[str, Any]) -> bool:
    """Do what was clicked; True where the rest of the page changes with it."""
    match asked.get("do"):
        case "ask":
            question, model = asked.get("text") or exchange.question, asked.get("model") or exchange.model
            conversation.ask(str(question), str(model), exchange.filters, instead=exchange.id)
        case "stop":
            conversation.stop(exchange.id)
        case "show":
            if (id := str(asked.get("id"))) in conversation.versions(exchange.id):
                conversation.choose(id)
        case "rate":
            conversation.rate(exchange.id, _rating(asked))
            return False
    return True


def _rating(asked: dict[str, Any]) -> Rating | None:
    good = asked.get("good")
    if not isinstance(good, bool):
        return None
    known = GOOD if good else BAD
    reasons = tuple(reason for reason in known if reason in (asked.get("reasons") or ()))
    return Rating(good=good, reasons=reasons, note=str(asked.get("note") or "").strip())


def _version(conversation: Conversation, exchange: Exchange, s: Strings) -> dict[str, str] | None:
    versions = conversation.versions(exchange.id)
    if len(versions) < 2:
        return None
    at = versions.index(exchange.id)
    around = ["", *versions, ""]
    text = s.version_of.format(n=at + 1, all=len(versions))
    return {"text": text, "earlier": around[at], "later": around[at + 2]}


def _reasons(names: Sequence[str], s: Strings) -> list[dict[str, str]]:
    return [{"name": name, "text": getattr(s, f"reason_{name}")} for name in names]


def _texts(s: Strings) -> dict[str, str]:
    return {
        "edit": s.edit,
        "ask": s.ask,
        "cancel": s.cancel,
        "stop": s.stop_this,
        "copy": s.copy_answer,
        "copied": s.copied,
        "again": s.again,
        "model": s.again_with_another,
        "earlier": s.earlier_version,
        "later": s.later_version,
        "good": s.rate_good,
        "bad": s.rate_bad,
        "whyGood": s.why_good,
        "whyBad": s.why_bad,
        "note": s.in_your_words,
        "send": s.send,
        "stays": s.rating_stays,
    }
