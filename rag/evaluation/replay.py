"""Ask rated questions again with the current code, and compare old and new answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from rich.table import Table

from rag.conversations import Conversation, Exchange, Head
from rag.conversations.answers import Ask
from rag.events import Answered, Failed, NotFound, Unconfirmed
from rag.locales.message import Message
from rag.progress import OnProgress, Progress
from rag.types import Answer, Turn


class RatedConversations(Protocol):
    """The part of rag.conversations.manager.Conversations that `replay` needs."""

    def get(self, id: str | None) -> Conversation | None:
        """Return a conversation by id."""
        ...

    def rated(self, *, good: bool) -> list[tuple[Head, Exchange]]:
        """List the answers with this rating."""
        ...


def replay(
    conversations: RatedConversations, ask: Ask | None, model: str | None, good: bool, on_progress: OnProgress
) -> dict[str, Any]:
    """List the rated answers; with `ask`, also new ones, by the same model or by `model`."""
    found = conversations.rated(good=good)
    rows = []
    for n, (head, exchange) in enumerate(found, 1):
        new = None
        if ask is not None:
            new = _answer(ask, exchange, _history(conversations, head, exchange), model or exchange.model)
            on_progress(Progress(Message.of("asking_again"), n, len(found)))
        rows.append(_row(head, exchange, new))
    return {"answers": rows}


def replay_tables(report: dict[str, Any]) -> list[Table | str]:
    """Draw a table for each answer."""
    if not report["answers"]:
        return ["No answer has this rating."]
    return [_table(row) for row in report["answers"]]


def _history(conversations: RatedConversations, head: Head, exchange: Exchange) -> list[Turn]:
    """Return the turns before the question, as they were then."""
    conversation = conversations.get(head.id)
    return conversation.history(exchange.id) if conversation else []


def _answer(ask: Ask, exchange: Exchange, history: Sequence[Turn], model: str) -> tuple[Answer, str] | None:
    for event in ask(exchange.question, history, model, exchange.filters):
        match event:
            case Answered(answer) | Unconfirmed(answer) | NotFound(answer):
                return answer, ""
            case Failed(message, answer):
                return answer, str(message)
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
