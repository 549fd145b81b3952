"""Make a report card with the models of an open library; the last one is stored in its data folder."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import NotPermitted
from rag.evaluation import folder_library
from rag.evaluation.examined_library import Guest, guest_library
from rag.evaluation.question_sets import SAMPLE, EvalQuestion, read_questions
from rag.evaluation.report_card import CardReport, evaluate_card
from rag.library import Library
from rag.progress import OnProgress, Progress

CARD_FILE = "report-card.json"


@dataclass(frozen=True, slots=True)
class Card:
    """A report card, and when it was made (UTC)."""

    made: datetime
    report: CardReport


class _Stopped(Exception):
    """Raised in the progress callback to cancel the evaluation."""


def make(
    library: Library, model: str, count: int, on_progress: OnProgress, stop: threading.Event
) -> Card | None:
    """Ask a model `count` sample questions about the sample library, and store the card.

    Returns None if `stop` was set; the current question is finished first. Raises what
    `evaluate_card` raises, and NotPermitted if the card cannot be written.
    """

    def tell(progress: Progress) -> None:
        on_progress(progress)
        if stop.is_set():
            raise _Stopped

    questions = spread(read_questions([SAMPLE]), count)
    with suppress(_Stopped), guest_library(library, Guest) as guest:
        index = folder_library.index(guest, [library.settings.corpus], tell)
        card = Card(datetime.now(UTC), evaluate_card(questions, guest, guest.model(model), index, tell))
        _store(card, library.settings.data / CARD_FILE)
        return card
    return None


def spread(questions: Sequence[EvalQuestion], count: int) -> list[EvalQuestion]:
    """Choose `count` questions at equal distances, because they are ordered by language."""
    step = max(1.0, len(questions) / count)
    return [questions[int(n * step)] for n in range(min(count, len(questions)))]


def last(library: Library) -> Card | None:
    """Return the last card made with this library; None without a readable one."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        stored = json.loads((library.settings.data / CARD_FILE).read_text("utf-8"))
        report: CardReport = stored["report"]
        if {"model", "index", "overall"} <= report.keys():
            return Card(datetime.fromisoformat(stored["made"]), report)
    return None


def _store(card: Card, path: Path) -> None:
    try:
        stored = {"made": card.made.isoformat(), "report": card.report}
        path.write_text(json.dumps(stored, ensure_ascii=False), "utf-8")
    except OSError as error:
        raise NotPermitted("not_written", path=path, why=error.strerror) from error
