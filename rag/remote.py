"""A library that another process owns, called as if it were here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.documents import Event, Filters, Hit, Turn
from rag.explaining import Explanation
from rag.handover import Owner
from rag.ingesting import Report
from rag.progress import OnProgress, ignore


class RemoteLibrary:
    """The calls of Library that others may make. Each may raise OwnerGone besides what Library's raises."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def __enter__(self) -> RemoteLibrary:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to close: each call is a connection of its own."""

    def ingest(self, paths: Sequence[Path], on_progress: OnProgress = ignore) -> Report:
        """See Library.ingest. The owner stands in another folder: the paths are made absolute."""
        whole = [path.expanduser().absolute() for path in paths]
        report: Report = self._owner.call("ingest", whole, on_progress=on_progress)
        return report

    def search(self, question: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """See Library.search."""
        hits: list[Hit] = self._owner.call("search", question, k, filters)
        return hits

    def explain(self, question: str, article: str, k: int = 10, filters: Filters = Filters()) -> Explanation:
        """See Library.explain."""
        explanation: Explanation = self._owner.call("explain", question, article, k, filters)
        return explanation

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        model: str | None = None,
        filters: Filters = Filters(),
    ) -> Iterator[Event]:
        """See Library.ask; closing the iterator stops the answer."""
        return self._owner.items("ask", question, tuple(history), model, filters)
