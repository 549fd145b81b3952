"""What runs beside the app for as long as it owns a library: work of other processes is taken here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.handover import Desk
from rag.library import Library


class Keeper:
    """Keeps an open library; close it before the library."""

    def __init__(self, library: Library) -> None:
        calls: dict[str, Callable[..., Any]] = {
            "search": library.search,
            "explain": library.explain,
            "ask": library.ask,
            "skipped": library.intake.skipped,
        }
        long: dict[str, Callable[..., Any]] = {
            "ingest": library.intake.ingest,
            "retry": library.intake.retry,
        }
        self._desk = Desk(library.settings.data, calls, long)

    def close(self) -> None:
        """Take no more work, and stop what is being done."""
        self._desk.close()
