"""Actions on an answer: ask again, edit the question, switch versions, rate, stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from rag.conversations import Conversation, Exchange, Rating, export
from rag.llm.generator import Model
from rag.notebooks.keeping import can_keep_answer
from rag.types import AnswerForm, BroadForm
from rag.ui import model_picker
from rag.ui.strings import Strings

GOOD_REASONS = ("right", "sources", "clear")
BAD_REASONS = ("wrong", "source", "missing", "question", "refused", "language")
"""Preset reasons for a rating; their texts are `RatingTexts.reason_...`."""
BROAD: tuple[BroadForm, ...] = get_args(BroadForm)
"""Forms of an answer that consists of quotations, without a model."""
FORMS: tuple[AnswerForm, ...] = ("answer", *BROAD)
"""Forms of an answer that a reader may choose; their texts are `AnswerTexts.form_...`."""


def payload(
    conversation: Conversation, exchange: Exchange, models: Sequence[Model], s: Strings
) -> dict[str, Any]:
    """Return the actions that actions.js draws under an answer."""
    others = [model for model in models if model.name != exchange.model]
    return {
        "running": exchange.running,
        "conversation": conversation.id,
        "keep": can_keep_answer(exchange),
        "copied": "" if exchange.running else export.as_text(exchange),
        "forms": _forms(exchange, s),
        "models": [{"name": model.name, "more": model_picker.describe(model, s)} for model in others],
        "version": _version(conversation, exchange, s),
        "reasons": {"good": _reasons(GOOD_REASONS, s), "bad": _reasons(BAD_REASONS, s)},
        "texts": _texts(s),
    }


def act(conversation: Conversation, exchange: Exchange, action: dict[str, Any]) -> bool:
    """Perform a clicked action; True where the whole page must be drawn again."""
    match action.get("do"):
        case "ask":
            question, model = action.get("text") or exchange.question, action.get("model") or exchange.model
            conversation.ask(
                str(question),
                str(model),
                exchange.filters,
                instead=exchange.id,
                interface_language=exchange.interface_language,
                form=_form(action.get("form", exchange.form)),
            )
        case "stop":
            conversation.stop(exchange.id)
        case "show":
            if (id := str(action.get("id"))) in conversation.versions(exchange.id):
                conversation.choose(id)
        case "rate":
            conversation.rate(exchange.id, _rating(action))
            return False
    return True


def _form(name: object) -> AnswerForm:
    return next((form for form in FORMS if form == name), "")


def _forms(exchange: Exchange, s: Strings) -> list[dict[str, str | bool]]:
    """Return the other forms in which a question about the articles can be answered."""
    if exchange.running or exchange.kind not in ("content", *FORMS):
        return []
    shown = "answer" if exchange.kind == "content" else exchange.kind
    return [{"form": form, "text": getattr(s.answer, f"form_{form}"), "on": form == shown} for form in FORMS]


def _rating(action: dict[str, Any]) -> Rating | None:
    good = action.get("good")
    if not isinstance(good, bool):
        return None
    presets = GOOD_REASONS if good else BAD_REASONS
    reasons = tuple(reason for reason in presets if reason in (action.get("reasons") or ()))
    return Rating(good=good, reasons=reasons, note=str(action.get("note") or "").strip())


def _version(conversation: Conversation, exchange: Exchange, s: Strings) -> dict[str, str] | None:
    versions = conversation.versions(exchange.id)
    if len(versions) < 2:
        return None
    index = versions.index(exchange.id)
    padded = ["", *versions, ""]
    text = s.answer.version_of.format(n=index + 1, all=len(versions))
    return {"text": text, "earlier": padded[index], "later": padded[index + 2]}


def _reasons(names: Sequence[str], s: Strings) -> list[dict[str, str]]:
    return [{"name": name, "text": getattr(s.rating, f"reason_{name}")} for name in names]


def _texts(s: Strings) -> dict[str, str]:
    return {
        "edit": s.answer.edit,
        "ask": s.answer.ask,
        "cancel": s.answer.cancel,
        "whole": s.answer.whole_question,
        "stop": s.answer.stop_this,
        "copy": s.answer.copy_answer,
        "copied": s.answer.copied,
        "again": s.answer.again,
        "model": s.answer.again_with_another,
        "earlier": s.answer.earlier_version,
        "later": s.answer.later_version,
        "good": s.answer.rate_good,
        "bad": s.answer.rate_bad,
        "whyGood": s.rating.why_good,
        "whyBad": s.rating.why_bad,
        "note": s.rating.in_your_words,
        "send": s.rating.send,
        "stays": s.rating.rating_stays,
    }
