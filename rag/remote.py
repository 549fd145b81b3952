"""A library that another process owns, called as if it were here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from rag.documents import Event, Filters, Hit, Skipped, Turn
from rag.explaining import Explanation
from rag.handover import Owner
from rag.ingesting import Report
from rag.progress import OnProgress, ignore
from rag.store import Feed


class RemoteLibrary:
    """The calls of Library that others may make. Each may raise OwnerGone besides what Library's raises."""

    def __init__(self, owner: Owner) -> None:
        self._owner, self.intake, self.feeds = owner, RemoteIntake(owner), RemoteFeeds(owner)

    def __enter__(self) -> RemoteLibrary:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to close: each call is a connection of its own."""

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


class RemoteIntake:
    """The calls of Intake."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def ingest(
        self, paths: Sequence[Path], on_progress: OnProgress = ignore, *, addresses: Sequence[str] = ()
    ) -> Report:
        """See Intake.ingest. The owner stands in another folder: the paths are made absolute."""
        whole = [path.expanduser().absolute() for path in paths]
        report: Report = self._owner.call("ingest", whole, on_progress=on_progress, addresses=addresses)
        return report

    def retry(self, on_progress: OnProgress = ignore) -> Report:
        """See Intake.retry."""
        report: Report = self._owner.call("retry", on_progress=on_progress)
        return report

    def skipped(self) -> list[tuple[Skipped, datetime]]:
        """See Intake.skipped."""
        skipped: list[tuple[Skipped, datetime]] = self._owner.call("skipped")
        return skipped


class RemoteFeeds:
    """The calls of Feeds."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def all(self) -> list[Feed]:
        """See Feeds.all."""
        feeds: list[Feed] = self._owner.call("feeds")
        return feeds

    def add(self, address: str, minutes: int | None = None) -> Feed:
        """See Feeds.add."""
        feed: Feed = self._owner.call("subscribe", address, minutes)
        return feed

    def remove(self, address: str) -> None:
        """See Feeds.remove."""
        self._owner.call("unsubscribe", address)

    def update(self, addresses: Sequence[str] | None = None, on_progress: OnProgress = ignore) -> Report:
        """See Feeds.update."""
        report: Report = self._owner.call("update", addresses, on_progress=on_progress)
        return report
