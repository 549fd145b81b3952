"""Feeds → articles: each entry's page once, or what the feed has of it where the page cannot be had."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from rag.addresses import is_address, normal
from rag.documents import Article
from rag.errors import NotFetched, NothingThere
from rag.ingesting import REMOVED, Report
from rag.intake import Intake
from rag.progress import OnProgress, Progress, ignore
from rag.reading import ReadFiles, Wanted
from rag.store import Feed, Store
from rag.web.visiting import Page, Visitor, parsed

_WHOLE = 400
"""Characters from which on what a feed has of an entry may stand for its page."""
_KINDS = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)


class Feeds:
    """Subscriptions. Thread safe as Intake is. `minutes` is the usual interval between two looks."""

    def __init__(
        self, store: Store, intake: Intake, visitor: Visitor, read: ReadFiles, minutes: int = 60
    ) -> None:
        self._store, self._intake, self._visitor, self._read = store, intake, visitor, read
        self._minutes = minutes

    def all(self) -> list[Feed]:
        """All subscriptions."""
        return self._store.feeds.all()

    def add(self, address: str, minutes: int | None = None) -> Feed:
        """Subscribe to a feed, or to the one that a page names. Raises NotFetched where there is none."""
        address = normal(address.strip())
        if not is_address(address):
            raise NotFetched(f"{address} is not an address: it begins with http:// or https://.")
        page = self._visitor.visit(address)
        if page is not None and not self._is_feed(page, address):
            address = _named(page)
            page = self._visitor.visit(address)
            if page is not None:
                self._entries(page, address)
        self._store.feeds.add(address, minutes or self._minutes)
        return next(feed for feed in self.all() if feed.address == address)

    def remove(self, address: str) -> None:
        """Unsubscribe; its articles stay. Raises NothingThere."""
        if not any(self._store.feeds.remove(one) for one in (address, normal(address))):
            raise NothingThere(f"{address} is not subscribed to: python -m rag feeds list.")

    def due(self) -> list[str]:
        """Feeds whose interval is over."""
        return self._store.feeds.due()

    def update(
        self,
        addresses: Sequence[str] | None = None,
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
    ) -> Report:
        """Look at feeds, all if none is named, and bring in what is new. Raises NothingThere.

        What goes wrong with one is kept with it, and costs no other one.
        """
        known = [feed.address for feed in self.all()]
        chosen = known if addresses is None else [normal(address) for address in addresses]
        if unknown := [address for address in chosen if address not in known]:
            raise NothingThere(f"{unknown[0]} is not subscribed to: python -m rag feeds list.")
        report, stop = Report(), stop or Event()
        for n, address in enumerate(chosen):
            on_progress(Progress("Looking at feeds", n, len(chosen)))
            if stop.is_set():
                report.stopped = True
                break
            try:
                _add(report, self._look(address, on_progress, stop))
            except NotFetched as error:
                self._store.feeds.looked(address, str(error))
            else:
                self._store.feeds.looked(address)
        on_progress(Progress("Looking at feeds", len(chosen), len(chosen)))
        return report

    def _look(self, address: str, on_progress: OnProgress, stop: Event) -> Report:
        """Bring in a feed's new entries."""
        page = self._visitor.visit(address, *self._store.feeds.asked_with(address))
        if page is None:
            return Report()
        entries = {_key(entry): entry for entry in self._entries(page, address)}
        seen = self._store.feeds.seen(address) & entries.keys()
        fresh = {key: entry for key, entry in entries.items() if key not in seen}
        report = self._bring_in(list(fresh.values()), on_progress, stop)
        lost = {skipped.source for skipped in report.skipped if skipped.reason != REMOVED}
        had = seen | {key for key, entry in fresh.items() if _source(entry) not in lost}
        whole = not report.stopped and had == entries.keys()
        title = next((entry.outlet for entry in entries.values() if entry.outlet), "")
        # what is left is tried again, so the server is asked for all of it again
        said = (page.etag, page.modified) if whole else ("", "")
        self._store.feeds.settle(address, title or "", said, seen if report.stopped else had)
        return report

    def _bring_in(self, entries: Sequence[Article], on_progress: OnProgress, stop: Event) -> Report:
        """The pages of entries; where one cannot be had, what the feed has of it."""
        pages = [entry.url for entry in entries if entry.url]
        report = self._intake.ingest([], on_progress, stop, pages) if pages else Report()
        lost = {skipped.source for skipped in report.skipped}
        whole = {
            _source(entry): _record(entry)
            for entry in entries
            if len(entry.text) >= _WHOLE and (not entry.url or _source(entry) in lost)
        }
        if whole and not stop.is_set():
            taken = self._intake.take(whole, on_progress, stop)
            report.skipped = [one for one in report.skipped if one.source not in whole]
            _add(report, taken)
        return report

    def _is_feed(self, page: Page, address: str) -> bool:
        try:
            self._entries(page, address)
        except NotFetched:
            return False
        return True

    def _entries(self, page: Page, address: str) -> list[Article]:
        """A feed's entries, read in a process of its own. Raises NotFetched where it is none."""
        with TemporaryDirectory(prefix="byline-feed-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "feed.rss"
            path.write_bytes(page.data)
            chunks = list(self._read([Wanted(path, address, ".rss")]))
        found = [article for chunk in chunks for article in chunk.articles]
        wrong = (one.reason for chunk in chunks for one in chunk.skipped if one.source == address)
        if reason := next(wrong, ""):
            raise NotFetched(reason)
        return found


def _key(entry: Article) -> str:
    """An entry's own key, that its source has behind the feed's."""
    return entry.source.partition("#")[2] or entry.source


def _source(entry: Article) -> str:
    """Under which address an entry's article is kept."""
    return normal(entry.url) if entry.url else entry.source


def _record(entry: Article) -> bytes:
    said = {
        "title": entry.title,
        "text": entry.text,
        "language": entry.language,
        "published": entry.published.isoformat() if entry.published else "",
        "outlet": entry.outlet or "",
        "author": entry.author or "",
        "url": entry.url or "",
    }
    return json.dumps(said).encode()


def _add(report: Report, more: Report) -> None:
    for name in ("added", "updated", "unchanged", "removed"):
        setattr(report, name, getattr(report, name) + getattr(more, name))
    report.skipped += more.skipped
    report.stopped = report.stopped or more.stopped


def _named(page: Page) -> str:
    """The feed that a page names in its head. Raises NotFetched where it names none."""
    links = _Links()
    links.feed(page.data.decode("utf-8", "replace"))
    if not links.feeds:
        raise NotFetched("It is not a feed, and names none: look for a link called RSS or Atom on the site.")
    return str(parsed(links.feeds[0], parsed(page.url)))


class _Links(HTMLParser):
    """Reads which feeds a page's head names."""

    def __init__(self) -> None:
        super().__init__()
        self.feeds = list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "link" and "alternate" in said.get("rel", "") and _KINDS.match(said.get("type", "")):
            self.feeds.append(said.get("href", ""))
