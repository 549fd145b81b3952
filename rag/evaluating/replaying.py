"""Answers that readers rated: asked again with today's code, old and new side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from rich.table import Table

from rag.conversations import Conversation, Exchange, Head
from rag.conversations.conversation import Ask
from rag.documents import Answer, Answered, Failed, NotFound, Turn
from rag.progress import OnProgress, Progress


class Shelf(Protocol):
    """What is asked of the conversations: see rag.conversations.shelf.Conversations."""

    def get(self, id: str | None) -> Conversation | None:
        """A conversation."""
        ...

    def rated(self, *, good: bool) -> list[tuple[Head, Exchange]]:
        """The answers that were rated so."""
        ...


def replay(
    shelf: Shelf, ask: Ask | None, model: str | None, good: bool, on_progress: OnProgress
) -> dict[str, Any]:
    """The rated answers; where `ask` is given also what is answered now, by the same model or `model`."""
    found = shelf.rated(good=good)
    rows = []
    for n, (head, exchange) in enumerate(found, 1):
        new = None
        if ask is not None:
            new = _answer(ask, exchange, _history(shelf, head, exchange), model or exchange.model)
            on_progress(Progress("Asking again", n, len(found)))
        rows.append(_row(head, exchange, new))
    return {"answers": rows}


def replay_tables(report: dict[str, Any]) -> list[Table | str]:
    """For people: a table for each answer."""
    if not report["answers"]:
        return ["No answer was rated so."]
    return [_table(row) for row in report["answers"]]


def _history(shelf: Shelf, head: Head, exchange: Exchange) -> list[Turn]:
    """What the question could lean on when it was asked."""
    conversation = shelf.get(head.id)
    return conversation.history(exchange.id) if conversation else []


def _answer(ask: Ask, exchange: Exchange, history: Sequence[Turn], model: str) -> tuple[Answer, str] | None:
    for event in ask(exchange.question, history, model, exchange.filters):
        match event:
            case Answered(answer) | NotFound(answer):
                return answer, ""
            case Failed(message, answer):
                return answer, message
    return None


def _row(head: Head, exchange: Exchange, new: tuple[Answer, str] | None) -> dict[str, Any]:
    rating = exchange.rating
    row: dict[str, Any] = {
        "conversation": head.id,
        "exchange": exchange.id,
        "question": exchange.question,
        "asked": exchange.asked.isoformat(),
        "reasons": list(rating.reasons) if rating else [],
        "note": rating.note if rating else "",
        "old": {
            "answer": exchange.text,
            "found": exchange.state == "answered",
            "model": exchange.model,
            "digest": exchange.digest,
            "options": dict(exchange.options),
            "passages": [hit.passage.text for hit in exchange.hits],
        },
    }
    if new is not None:
        answer, error = new
        passages = [hit.passage.text for hit in answer.hits]
        row["new"] = {
            "answer": answer.text,
            "found": answer.found and not error,
            "model": answer.model,
            "error": error,
            "passages": passages,
            "same_passages": passages == row["old"]["passages"],
        }
    return row


def _table(row: dict[str, Any]) -> Table:
    table = Table(title=row["question"], title_justify="left", expand=True)
    why = ", ".join(filter(None, [*row["reasons"], row["note"]])) or "-"
    table.add_column(f"Then: {row['old']['model']} ({why})", ratio=1)
    texts = [row["old"]["answer"] or "-"]
    if "new" in row:
        same = "the same passages" if row["new"]["same_passages"] else "other passages"
        table.add_column(f"Now: {row['new']['model']} ({same})", ratio=1)
        texts.append(row["new"]["error"] or row["new"]["answer"] or "-")
    table.add_row(*texts)
    return table
