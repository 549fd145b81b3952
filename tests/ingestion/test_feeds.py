from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from web_examples import Reply, Site, fetcher, sites

from rag.errors import NotFetched, NothingThere
from rag.ingestion.feeds import Feeds
from rag.ingestion.intake import Intake
from rag.reading import read_files
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk, and a server on this machine

RSS = {"Content-Type": "application/rss+xml"}
LONG = (
    "The harbour of Kestrel Bay opened again on Monday, and the first ship carried timber for the new school. "
    * 6
)
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"


def feed(site: Site, *items: str) -> bytes:
    head = f"<title>The Kestrel</title><language>en</language><link>{site.url}</link>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def item(n: int, link: str, text: str = "Short.") -> str:
    day = f"<pubDate>Wed, {n + 1:02} Mar 2025 06:15:00 GMT</pubDate>"
    return f"<item><title>Story number {n}</title><link>{link}</link><guid>k{n}</guid>{day}<description>{text}</description></item>"


@pytest.fixture
def site() -> Iterator[Site]:
    with sites(1) as (only,):
        only.reset(
            {
                f"/{n}": Reply(PAGE.format(f"Story number {n}", f"{LONG} It is number {n}.").encode())
                for n in range(4)
            }
        )
        yield only


@pytest.fixture
def feeds(store: Store, embedder: HashEmbedder, site: Site) -> Feeds:
    visits = fetcher(f"127.0.0.1:{site.port}")
    return Feeds(store, Intake(store, embedder, visits, read_files), visits, read_files, 30)


def test_each_entry_comes_in_once_as_its_page(feeds: Feeds, store: Store, site: Site) -> None:
    address = f"{site.url}/feed"
    site.routes["/feed"] = Reply(feed(site, item(1, f"{site.url}/1"), item(2, f"{site.url}/2")), headers=RSS)
    assert feeds.add(address).minutes == 30
    assert feeds.update().added == 2
    (known,) = feeds.all()
    assert (known.title, known.error, known.entries) == ("The Kestrel", None, 2)
    assert known.looked is not None
    assert store.ledger.sources() == [f"{site.url}/1", f"{site.url}/2"]
    site.routes["/feed"] = Reply(feed(site, item(3, f"{site.url}/3"), item(2, f"{site.url}/2")), headers=RSS)
    site.seen.clear()
    assert feeds.update().added == 1
    assert site.seen == ["/feed", "/3"]


def test_the_server_is_asked_whether_anything_is_new(feeds: Feeds, site: Site) -> None:
    body = feed(site, item(1, f"{site.url}/1"))
    site.routes["/feed"] = Reply(
        body, headers=RSS | {"ETag": '"a"', "Last-Modified": "Wed, 12 Mar 2025 06:15:00 GMT"}
    )
    feeds.add(f"{site.url}/feed")
    feeds.update()
    site.routes["/feed"] = Reply(b"", 304)
    assert feeds.update().added == 0
    assert site.headers[-1]["if-none-match"] == '"a"'
    assert feeds.all()[0].error is None


def test_what_the_feed_has_of_an_entry_stands_for_a_page_that_cannot_be_had(
    feeds: Feeds, store: Store, site: Site
) -> None:
    items = item(1, f"{site.url}/gone", LONG), item(2, f"{site.url}/gone-too"), item(3, "", LONG)
    site.routes["/feed"] = Reply(feed(site, *items), headers=RSS)
    feeds.add(f"{site.url}/feed")
    report = feeds.update()
    assert report.added == 2
    assert [one.source for one in report.skipped] == [f"{site.url}/gone-too"], (
        "a first sentence is no article"
    )
    found = [store.ledger.article(info.id) for info in store.ledger.articles(9)]
    assert {(a.title, str(a.published), a.language) for a in found if a} == {
        ("Story number 1", "2025-03-02", "en"),
        ("Story number 3", "2025-03-04", "en"),
    }
    site.routes["/gone-too"] = site.routes["/2"]
    assert feeds.update().added == 1, "what could not be had is tried again"


def test_what_was_taken_out_stays_out(feeds: Feeds, store: Store, site: Site) -> None:
    site.routes["/feed"] = Reply(feed(site, item(1, f"{site.url}/1")), headers=RSS)
    feeds.add(f"{site.url}/feed")
    feeds.update()
    store.move_to_trash([store.ledger.articles(1)[0].id])
    site.routes["/feed"] = Reply(feed(site, item(2, f"{site.url}/2"), item(1, f"{site.url}/1")), headers=RSS)
    assert feeds.update().added == 1
    assert store.ledger.sources() == [f"{site.url}/2"]


def test_a_page_leads_to_the_feed_that_it_names(feeds: Feeds, site: Site) -> None:
    site.routes["/feed"] = Reply(feed(site), headers=RSS)
    site.routes["/"] = Reply(
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
    )
    assert feeds.add(f"{site.url}/").address == f"{site.url}/feed"
    with pytest.raises(NotFetched, match="does not link to one"):
        feeds.add(f"{site.url}/1")


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/feed", "file:///etc/passwd", "nothing"])
def test_what_may_not_be_fetched_is_not_subscribed_to(feeds: Feeds, address: str) -> None:
    with pytest.raises(NotFetched):
        feeds.add(address)
    assert feeds.all() == []


def test_what_goes_wrong_with_one_is_kept_and_costs_no_other(feeds: Feeds, site: Site) -> None:
    for name in ("a", "b"):
        site.routes[f"/{name}"] = Reply(feed(site, item(1, f"{site.url}/1")), headers=RSS)
        feeds.add(f"{site.url}/{name}")
    site.routes["/a"] = Reply(b"", 503)
    assert feeds.update().added == 1
    assert [bool(known.error) for known in feeds.all()] == [True, False]
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><rss version="2.0"><channel></channel></rss>'
    )
    site.routes["/a"] = Reply(bomb, headers=RSS)
    feeds.update()
    assert "entities" in str(feeds.all()[0].error)


def test_feeds_are_due_when_their_interval_is_over(feeds: Feeds, store: Store, site: Site) -> None:
    site.routes["/feed"] = Reply(feed(site), headers=RSS)
    address = feeds.add(f"{site.url}/feed", 30).address
    assert feeds.due() == [address], "one that was never looked at"
    feeds.update()
    assert feeds.due() == []
    assert store.feeds.due(datetime.now(UTC) + timedelta(minutes=31)) == [address]


def test_one_that_is_not_there_is_neither_looked_at_nor_removed(feeds: Feeds, site: Site) -> None:
    for call in (feeds.remove, lambda address: feeds.update([address])):
        with pytest.raises(NothingThere):
            call(f"{site.url}/feed")


def test_a_feed_that_was_saved_is_read_as_its_entries(tmp_path: Path) -> None:
    from rag.reading import read

    atom = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>K</title><entry><id>1</id><title>One &amp;lt;b&gt;</title><updated>2025-03-02T10:00:00Z</updated><content type="html">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry></feed>'
    (tmp_path / "a.atom").write_text(atom)
    (article,) = read(tmp_path / "a.atom")
    assert (article.source.rpartition("#")[2], str(article.published), article.outlet) == (
        "1",
        "2025-03-02",
        "K",
    )
    assert article.text.startswith("The harbour of Kestrel Bay")
