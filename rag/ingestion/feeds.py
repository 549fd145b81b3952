"""Subscriptions to RSS and Atom feeds; each entry becomes an article once.

The entry's page is fetched; if that fails, the text in the feed is used, provided that it is long enough.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from rag.errors import NotFetched, NothingThere
from rag.ingestion.ingester import REMOVED
from rag.ingestion.intake import Intake
from rag.ingestion.report import Report
from rag.ingestion.urls import is_address, normalised
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.reading import ReadFiles, ReadRequest
from rag.store.ledger_rows import Feed
from rag.store.store import Store
from rag.types import Article
from rag.web.fetcher import FetchedPage, Fetcher, parse_url

MIN_FEED_TEXT_CHARACTERS = 400
"""Minimum length of an entry's text in the feed that may replace its page. Not fitted."""
_FEED_TYPE = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)


class Feeds:
    """Manages subscriptions. Thread safe. `minutes` is the default interval between two fetches."""

    def __init__(
        self, store: Store, intake: Intake, fetcher: Fetcher, read: ReadFiles, minutes: int = 60
    ) -> None:
        self._store, self._intake, self._fetcher, self._read = store, intake, fetcher, read
        self._minutes = minutes

    def all(self) -> list[Feed]:
        """List all subscriptions."""
        return self._store.feeds.all()

    def add(self, address: str, minutes: int | None = None) -> Feed:
        """Subscribe to a feed, or to the one that a page links to.

        Raises NotFetched if the address cannot be fetched or leads to no feed.
        """
        self._store.require_writable()
        address = normalised(address.strip())
        if not is_address(address):
            raise NotFetched("not_an_address", text=address)
        page = self._fetcher.fetch(address)
        if page is not None and not self._is_feed(page, address):
            address = _linked_feed(page)
            page = self._fetcher.fetch(address)
            if page is not None:
                self._entries(page, address)
        self._store.feeds.add(address, minutes or self._minutes)
        return next(feed for feed in self.all() if feed.address == address)

    def remove(self, address: str) -> None:
        """Unsubscribe; the articles stay. Raises NothingThere if there is no such subscription."""
        self._store.require_writable()
        if not any(self._store.feeds.remove(one) for one in (address, normalised(address))):
            raise NothingThere("not_subscribed", text=address)

    def due(self) -> list[str]:
        """List the addresses of feeds whose interval has passed."""
        return self._store.feeds.due()

    def update(
        self,
        addresses: Sequence[str] | None = None,
        on_progress: OnProgress = ignore,
        stop: Event | None = None,
    ) -> Report:
        """Fetch feeds, by default all, and index new entries.

        An error is stored with its feed and does not stop the others. Raises NothingThere for an address
        without a subscription.
        """
        self._store.require_writable()
        known = [feed.address for feed in self.all()]
        selected = known if addresses is None else [normalised(address) for address in addresses]
        if unknown := [address for address in selected if address not in known]:
            raise NothingThere("not_subscribed", text=unknown[0])
        report, stop = Report(), stop or Event()
        for n, address in enumerate(selected):
            on_progress(Progress(Message.of("looking_at_feeds"), n, len(selected)))
            if stop.is_set():
                report.stopped = True
                break
            try:
                report.add(self._fetch_feed(address, on_progress, stop))
            except NotFetched as error:
                self._store.feeds.looked(address, error.message)
            else:
                self._store.feeds.looked(address)
        on_progress(Progress(Message.of("looking_at_feeds"), len(selected), len(selected)))
        return report

    def _fetch_feed(self, address: str, on_progress: OnProgress, stop: Event) -> Report:
        """Fetch one feed and index its new entries."""
        page = self._fetcher.fetch(address, *self._store.feeds.validators(address))
        if page is None:
            return Report()
        entries = {_key(entry): entry for entry in self._entries(page, address)}
        seen = self._store.feeds.seen(address) & entries.keys()
        fresh = {key: entry for key, entry in entries.items() if key not in seen}
        report = self._index_entries(list(fresh.values()), on_progress, stop)
        failed = {skipped.source for skipped in report.skipped if skipped.reason != REMOVED}
        indexed = seen | {key for key, entry in fresh.items() if _source(entry) not in failed}
        complete = not report.stopped and indexed == entries.keys()
        title = next((entry.outlet for entry in entries.values() if entry.outlet), "")
        # Failed entries are retried, so the next request must not be conditional.
        validators = (page.etag, page.modified) if complete else ("", "")
        self._store.feeds.record_fetch(address, title or "", validators, seen if report.stopped else indexed)
        return report

    def _index_entries(self, entries: Sequence[Article], on_progress: OnProgress, stop: Event) -> Report:
        """Index the pages of entries, or the text in the feed if a page cannot be fetched."""
        pages = [entry.url for entry in entries if entry.url]
        report = self._intake.ingest([], on_progress, stop, pages) if pages else Report()
        failed = {skipped.source for skipped in report.skipped}
        from_feed = {
            _source(entry): _article_json(entry)
            for entry in entries
            if len(entry.text) >= MIN_FEED_TEXT_CHARACTERS and (not entry.url or _source(entry) in failed)
        }
        if from_feed and not stop.is_set():
            taken = self._intake.take(from_feed, on_progress, stop)
            report.skipped = [one for one in report.skipped if one.source not in from_feed]
            report.add(taken)
        return report

    def _is_feed(self, page: FetchedPage, address: str) -> bool:
        try:
            self._entries(page, address)
        except NotFetched:
            return False
        return True

    def _entries(self, page: FetchedPage, address: str) -> list[Article]:
        """Parse a feed in a child process. Raises NotFetched if it is not a feed."""
        with TemporaryDirectory(prefix="byline-feed-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "feed.rss"
            path.write_bytes(page.data)
            chunks = list(self._read([ReadRequest(path, address, ".rss")]))
        found = [article for chunk in chunks for article in chunk.articles]
        errors = (one.reason for chunk in chunks for one in chunk.skipped if one.source == address)
        if reason := next(errors, None):
            raise NotFetched(reason)
        return found


def _key(entry: Article) -> str:
    """Return the entry's key, the fragment of its source."""
    return entry.source.partition("#")[2] or entry.source


def _source(entry: Article) -> str:
    """Return the source under which the entry's article is stored."""
    return normalised(entry.url) if entry.url else entry.source


def _article_json(entry: Article) -> bytes:
    """Return an entry as an article in JSON, which the reader of JSON files understands."""
    values = {
        "title": entry.title,
        "text": entry.text,
        "language": entry.language,
        "published": entry.published.isoformat() if entry.published else "",
        "outlet": entry.outlet or "",
        "author": entry.author or "",
        "url": entry.url or "",
    }
    return json.dumps(values).encode()


def _linked_feed(page: FetchedPage) -> str:
    """Return the address of the feed that a page links to. Raises NotFetched if it links to none."""
    links = _Links()
    links.feed(page.data.decode("utf-8", "replace"))
    if not links.feeds:
        raise NotFetched("feed_names_none")
    return str(parse_url(links.feeds[0], parse_url(page.url)))


class _Links(HTMLParser):
    """Collects the addresses of a page's alternate links to feeds."""

    def __init__(self) -> None:
        super().__init__()
        self.feeds = list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        alternate = tag == "link" and "alternate" in values.get("rel", "")
        if alternate and _FEED_TYPE.match(values.get("type", "")):
            self.feeds.append(values.get("href", ""))
