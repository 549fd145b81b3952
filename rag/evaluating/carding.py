"""A report card made beside an open library: with its models, stoppable, the last one kept in its folder."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import NotPermitted
from rag.evaluating import folders
from rag.evaluating.card import CardReport, evaluate_card
from rag.evaluating.examined import beside
from rag.evaluating.questions import SAMPLE, Asked, read_questions
from rag.library import Library
from rag.progress import OnProgress, Progress

_KEPT = "report-card.json"


@dataclass(frozen=True, slots=True)
class Card:
    """A report card, and when it was made (UTC)."""

    made: datetime
    report: CardReport


class _Stopped(Exception):
    """It was asked to end."""


def make(
    library: Library, model: str, count: int, on_progress: OnProgress, stop: threading.Event
) -> Card | None:
    """Ask a model `count` of the sample questions about the sample library, and keep the card.

    None where `stop` was set meanwhile: it ends with the question that is being answered. Raises what
    `evaluate_card` raises, and NotPermitted where the card cannot be kept.
    """

    def tell(progress: Progress) -> None:
        on_progress(progress)
        if stop.is_set():
            raise _Stopped

    asked = spread(read_questions([SAMPLE]), count)
    with suppress(_Stopped), beside(library) as guest:
        index = folders.index(guest, [library.settings.corpus], tell)
        card = Card(datetime.now(UTC), evaluate_card(asked, guest, guest.model(model), index, tell))
        _keep(card, library.settings.data / _KEPT)
        return card
    return None


def spread(questions: Sequence[Asked], count: int) -> list[Asked]:
    """As many of the questions, evenly from all of them: they stand in the order of their languages."""
    step = max(1.0, len(questions) / count)
    return [questions[int(n * step)] for n in range(min(count, len(questions)))]


def last(library: Library) -> Card | None:
    """The last card that was made here; None where there is none that can be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads((library.settings.data / _KEPT).read_text("utf-8"))
        report: CardReport = kept["report"]
        if {"model", "index", "overall"} <= report.keys():
            return Card(datetime.fromisoformat(kept["made"]), report)
    return None


def _keep(card: Card, path: Path) -> None:
    try:
        kept = {"made": card.made.isoformat(), "report": card.report}
        path.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    except OSError as error:
        raise NotPermitted(f"{path} cannot be written: {error.strerror}.") from error
