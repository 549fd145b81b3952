"""The changes that a person's role allows: of articles and feeds to editors, of models to admins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event

from rag.downloads.inventory import Inventory
from rag.errors import NothingThere
from rag.ingestion.feeds import Feeds
from rag.ingestion.intake import Intake
from rag.ingestion.report import Report
from rag.ingestion.urls import normalised
from rag.llm.generator import Model
from rag.progress import OnProgress, ignore
from rag.service.people.seen_collections import SeenCollections
from rag.service.people.view import View
from rag.store.ledger_rows import Feed
from rag.store.mendings import Mending
from rag.types import Article, Skipped, article_id


class AllowedIntake(Intake):
    """Changes of articles by editors, of those that they may see; see SeenList.

    What concerns every file of the library is left to those from whom nothing is hidden.
    """

    def __init__(
        self,
        intake: Intake,
        view: View,
        collections: SeenCollections,
        article: Callable[[str], Article | None],
    ) -> None:
        self._intake, self._view = intake, view
        self._collections, self._article = collections, article

    def ingest(
        self,
        paths: Sequence[Path],
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
        addresses: Sequence[str] = (),
        collection: str = "",
    ) -> Report:
        """See Intake. A file or page that is there, but hidden, stays as and where it is."""
        self._view.person.require("editor")
        name = self._collections.checked(collection) if collection else ""
        paths = [one for one in paths if self._view.sees(article_id(str(one.expanduser().resolve())))]
        pages = [one for one in addresses if self._view.sees(article_id(normalised(one)))]
        report = self._intake.ingest(paths, on_progress, stop, pages, name)
        self._view.record("article added", report.articles)
        return report

    def take_out(
        self, article_ids: Sequence[str], on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """See Intake."""
        ids = self._view.require("editor", article_ids)
        self._view.record("article removed", ids)
        return self._intake.take_out(ids, on_progress, stop)

    def put_back(
        self, article_ids: Sequence[str], on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """See Intake."""
        ids = self._view.require("editor", article_ids)
        self._view.record("article restored", ids)
        return self._intake.put_back(ids, on_progress, stop)

    def mend(
        self,
        article_ids: Sequence[str],
        mending: Mending | None,
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
    ) -> bool:
        """See Intake."""
        ids = self._view.require("editor", article_ids)
        self._view.record("article corrected", ids)
        return self._intake.mend(ids, mending, on_progress, stop)

    def take_as_is(
        self, wanted: str, as_is: bool = True, on_progress: OnProgress = ignore, stop: Event | None = None
    ) -> bool:
        """See Intake; `wanted` is an id."""
        self._view.person.require("editor")
        if self._article(wanted) is None:
            raise NothingThere("no_such_article", wanted=wanted)
        return self._intake.take_as_is(wanted, as_is, on_progress, stop)

    def skipped(self) -> list[tuple[Skipped, datetime]]:
        """See Intake."""
        return self._intake.skipped() if self._view.edits_all else []

    def retry(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> Report:
        """See Intake."""
        self._view.require_everything("editor")
        return self._intake.retry(on_progress, stop)

    def reread(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> Report:
        """See Intake."""
        self._view.require_everything("editor")
        return self._intake.reread(on_progress, stop)

    def finish(self, on_progress: OnProgress = ignore, stop: Event | None = None) -> bool:
        """See Intake."""
        self._view.require_everything("editor")
        return self._intake.finish(on_progress, stop)

    def outdated(self) -> int:
        """See Intake."""
        return self._intake.outdated() if self._view.edits_all else 0

    def unfinished(self) -> int:
        """See Intake."""
        return self._intake.unfinished() if self._view.edits_all else 0

    @property
    def changing(self) -> bool:
        """See Intake."""
        return self._intake.changing


class AllowedFeeds(Feeds):
    """Subscriptions, for editors from whom nothing is hidden: a feed is in no collection."""

    def __init__(self, feeds: Feeds, view: View) -> None:
        self._feeds, self._view = feeds, view

    def all(self) -> list[Feed]:
        """See Feeds."""
        return self._feeds.all() if self._view.edits_all else []

    def add(self, address: str, minutes: int | None = None) -> Feed:
        """See Feeds."""
        self._view.require_everything("editor")
        return self._feeds.add(address, minutes)

    def remove(self, address: str) -> None:
        """See Feeds."""
        self._view.require_everything("editor")
        self._feeds.remove(address)

    def update(
        self,
        addresses: Sequence[str] | None = None,
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
    ) -> Report:
        """See Feeds."""
        self._view.require_everything("editor")
        return self._feeds.update(addresses, on_progress, stop)


class AllowedInventory(Inventory):
    """Language models, which admins download and delete."""

    def __init__(self, inventory: Inventory, view: View) -> None:
        vars(self).update(vars(inventory))  # everybody may read the list
        self._view = view

    def installed(self) -> list[Model]:
        """See Inventory."""
        self._view.person.require()
        return super().installed()

    def fetch(self, name: str, on_progress: OnProgress = ignore, stop: Event | None = None) -> bool:
        """See Inventory."""
        self._view.person.require("admin")
        return super().fetch(name, on_progress, stop)

    def remove(self, name: str) -> None:
        """See Inventory."""
        self._view.person.require("admin")
        super().remove(name)
