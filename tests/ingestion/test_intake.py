from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from examples import HARBOUR, write
from web_examples import Reply, Site, fetcher, sites

from rag.ingestion import ingester
from rag.ingestion.intake import Intake
from rag.ingestion.report import Report
from rag.progress import Progress
from rag.reading import Chunk, ReadRequest, read_files
from rag.store.store import FileState, Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # Chroma on disk, and a server on this machine


@pytest.fixture
def intake(store: Store, embedder: HashEmbedder, site: Site) -> Intake:
    return Intake(store, embedder, fetcher(f"127.0.0.1:{site.port}"))


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with sites() as (one,):
        yield one


@pytest.fixture
def site(server: Site) -> Site:
    server.reset(
        {"/harbour": page("The harbour opens again", "The harbour of Kestrel Bay opened on Monday.")}
    )
    return server


def page(title: str, text: str, **headers: str) -> Reply:
    html = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p></article>"
    return Reply(html.encode(), 200, {"Content-Type": "text/html; charset=utf-8", **headers})


def sources(store: Store) -> set[str]:
    return {info.source for info in store.ledger.articles(-1)}


def reasons(intake: Intake) -> dict[str, str]:
    return {one.source: str(one.reason) for one, _ in intake.skipped()}


def test_what_was_done_before_a_stop_is_kept_and_the_next_run_goes_on(
    intake: Intake, store: Store, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingester, "BATCH_SIZE", 1)
    stop = threading.Event()

    def after_the_first(progress: Progress) -> None:
        if progress.done == 1:
            stop.set()

    report = intake.ingest([articles], after_the_first, stop)
    assert (report.added, report.stopped) == (1, True)
    assert store.ledger.overview().articles == 1
    assert store.missing_vectors() == {}
    again = intake.ingest([articles])
    assert (again.added, again.unchanged, again.stopped) == (2, 1, False)


def test_one_change_at_a_time_and_who_waits_can_be_stopped(
    intake: Intake, articles: Path, tmp_path: Path
) -> None:
    inside, on, stop = threading.Event(), threading.Event(), threading.Event()
    waiting: list[Progress] = []

    def hold(_: Progress) -> None:
        inside.set()
        on.wait(10)

    def give_up(progress: Progress) -> None:
        waiting.append(progress)
        stop.set()

    first: list[Report] = []
    thread = threading.Thread(target=lambda: first.append(intake.ingest([articles], hold)))
    thread.start()
    assert inside.wait(10)
    assert intake.ingest([articles], give_up, stop) == Report(stopped=True)
    assert "another change" in str(waiting[0].label)
    on.set()
    thread.join(10)
    assert first[0].added == 3


# --- addresses


def test_a_page_becomes_an_article_under_its_address(intake: Intake, store: Store, site: Site) -> None:
    address = f"{site.url}/harbour"
    report = intake.ingest([], addresses=[address, f" {address.upper().replace('/HARBOUR', '/harbour')}#top"])
    assert (report.added, report.skipped) == (1, [])
    (info,) = store.ledger.articles(-1)
    assert (info.source, info.title) == (address, "The harbour opens again")


def test_a_page_that_has_not_changed_is_not_sent_again(intake: Intake, store: Store, site: Site) -> None:
    address = f"{site.url}/harbour"
    site.routes["/harbour"] = page("The harbour", "It opened on Monday.", ETag='"1"')
    intake.ingest([], addresses=[address])
    site.routes["/harbour"] = Reply(b"", 304, {})
    report = intake.ingest([], addresses=[address])
    assert (report.added, report.updated, report.unchanged) == (0, 0, 1)
    assert site.headers[1]["if-none-match"] == '"1"'
    site.routes["/harbour"] = page("The harbour", "It closed on Friday.", ETag='"2"')
    assert intake.ingest([], addresses=[address]).updated == 1
    assert "Friday" in store.ledger.article(store.ledger.articles(1)[0].id).text
    site.routes["/harbour"] = page("The harbour", "It closed on Friday.", ETag='"3"')
    assert intake.ingest([], addresses=[address]).unchanged == 1


def test_an_address_that_gives_no_article_is_skipped_and_the_others_come_in(
    intake: Intake, store: Store, site: Site
) -> None:
    site.routes["/feed"] = Reply(b"<rss/>", 200, {"Content-Type": "application/rss+xml"})
    site.routes["/photo"] = Reply(b"\xff\xd8", 200, {"Content-Type": "image/jpeg"})
    site.routes["/empty"] = Reply(b"", 200)
    paths = ["/gone", "/feed", "/photo", "/empty", "/harbour"]
    addresses = [*(site.url + path for path in paths), "http://10.0.0.1/", "file:///etc/passwd"]
    report = intake.ingest([], addresses=addresses)
    assert sources(store) == {f"{site.url}/harbour"}
    told = {skipped.source.removeprefix(site.url): str(skipped.reason) for skipped in report.skipped}
    assert set(told) == {"/gone", "/feed", "/photo", "/empty", "http://10.0.0.1/", "file:///etc/passwd"}
    assert "404" in told["/gone"]
    assert "subscribe" in told["/feed"]
    assert reasons(intake) == {skipped.source: str(skipped.reason) for skipped in report.skipped}


def test_a_page_that_is_gone_later_stays_in_the_library(intake: Intake, store: Store, site: Site) -> None:
    address = f"{site.url}/harbour"
    intake.ingest([], addresses=[address])
    found = site.routes.pop("/harbour")
    assert [one.source for one in intake.ingest([], addresses=[address]).skipped] == [address]
    assert sources(store) == {address}
    site.routes["/harbour"] = found
    assert intake.ingest([], addresses=[address]).skipped == []
    assert intake.skipped() == []


# --- what was skipped


def test_what_was_skipped_is_kept_with_the_reason_until_it_comes_in_or_is_gone(
    intake: Intake, store: Store, articles: Path
) -> None:
    for name in ("photo.jpg", "README.md"):
        (articles / name).write_text("no article")
    (articles / "empty.txt").write_text("")
    intake.ingest([articles])
    kept = reasons(intake)
    assert {Path(source).name for source in kept} == {"photo.jpg", "README.md", "empty.txt"}
    assert reasons(intake) == kept
    (articles / "photo.jpg").unlink()
    (articles / "empty.txt").write_text("Not empty\n\nNow there is an article in it.")
    report = intake.ingest([articles])
    assert (report.added, report.unchanged) == (1, 3)
    assert {Path(source).name for source in reasons(intake)} == {"README.md"}


def test_what_was_skipped_can_be_tried_again(
    intake: Intake, store: Store, articles: Path, site: Site
) -> None:
    (articles / "README.md").write_text("no article")
    (articles / "empty.txt").write_text("")
    (articles / "photo.jpg").write_bytes(b"x")
    intake.ingest([articles], addresses=[f"{site.url}/later"])
    assert len(intake.skipped()) == 4
    report = intake.retry()
    assert (report.added, report.removed, len(report.skipped)) == (0, 0, 4), "nothing has changed"
    site.routes["/later"] = page("The lighthouse", "The lighthouse of Ardmore has a new keeper.")
    (articles / "photo.jpg").unlink()
    (articles / "empty.txt").write_text("Not empty\n\nNow there is an article in it.")
    report = intake.retry()
    assert report.added == 2
    assert {Path(source).name for source in reasons(intake)} == {"README.md"}
    assert store.ledger.overview().articles == 5


# --- what an earlier version of the reader has read


def made_by_an_earlier_reader(store: Store) -> None:
    states = [FileState(file, stamp, [file], reader=1) for file, stamp in store.files.stamps().items()]
    store.ledger.put([], states)


def test_articles_of_an_earlier_reader_stay_until_they_are_read_again(
    intake: Intake, store: Store, articles: Path
) -> None:
    assert intake.ingest([articles]).outdated == 0, "a new library"
    (before,) = (info for info in store.ledger.articles(-1) if info.source.endswith("harbour.txt"))
    old = store.ledger.article(before.id)
    assert old is not None
    store.ledger.put([(replace(old, text="As it was read before."), [], old.source)])
    made_by_an_earlier_reader(store)
    assert [info.id for info in intake.differing()] == [before.id], "told without a change"
    report = intake.ingest([articles])
    assert (report.unchanged, report.outdated) == (3, 3), "said, and left alone"
    assert store.ledger.article(before.id).text == "As it was read before."  # type: ignore[union-attr]
    report = intake.reread()
    assert (report.updated, report.unchanged, report.removed) == (1, 2, 0)
    assert store.ledger.article(before.id) == old
    assert intake.ingest([articles]).outdated == 0


def test_articles_whose_file_is_gone_outlive_a_new_reader(
    intake: Intake, store: Store, articles: Path
) -> None:
    intake.ingest([articles])
    made_by_an_earlier_reader(store)
    (articles / "harbour.txt").unlink()
    assert intake.reread().unchanged == 2
    assert store.ledger.overview().articles == 3


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_for_a_while(intake: Intake, store: Store, articles: Path) -> None:
    intake.ingest([articles])
    file = articles / "harbour.txt"
    file.write_text("The harbour\n\nIt closed again on Friday.")
    file.chmod(0)
    assert len(intake.ingest([articles]).skipped) == 1
    file.chmod(0o600)
    assert (intake.ingest([articles]).updated, intake.skipped()) == (1, [])


def test_articles_are_taken_out_and_put_back_one_change_at_a_time(
    intake: Intake, store: Store, articles: Path
) -> None:
    intake.ingest([articles])
    first, *_ = [info.id for info in store.ledger.articles(-1)]
    told, stop = [], threading.Event()

    def wait(progress: Progress) -> None:
        told.append(str(progress.label))
        stop.set()

    with intake._locked(lambda _: None, None):
        assert not intake.take_out([first], wait, stop)
    assert store.ledger.article(first) and "another change" in told[0]
    assert intake.take_out([first])
    assert store.ledger.article(first) is None
    with intake._locked(lambda _: None, None):
        assert not intake.put_back([first], wait, stop)
    assert store.ledger.article(first) is None
    assert intake.put_back([first])
    assert store.ledger.article(first) is not None


def test_what_an_older_layout_left_is_reported_and_indexed_on_demand(
    intake: Intake, store: Store, articles: Path
) -> None:
    intake.ingest([articles])
    assert intake.unfinished() == 0
    store.ledger.set_pending([info.id for info in store.ledger.articles(-1)])
    assert intake.unfinished() == 3
    with intake._locked(lambda _: None, None):
        assert intake.unfinished() == 0  # somebody is at it
    seen: list[Progress] = []
    assert intake.finish(seen.append)
    assert intake.unfinished() == 0
    assert (seen[-1].done, seen[-1].total, seen[-1].unit) == (3, 3, "articles")


def test_what_an_earlier_byline_skipped_is_tried_again_by_one_that_reads_more(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    folder = write(tmp_path / "a", harbour=HARBOUR)
    (folder / "broken.pdf").write_text("none")
    tried: list[str] = []

    def reading(files: Iterable[ReadRequest]) -> Iterator[Chunk]:
        for wanted in files:
            tried.append(wanted.path.name)
            yield from read_files([wanted])

    intake = Intake(store, embedder, fetcher(""), reading)
    intake.ingest([folder])
    intake.ingest([folder])
    assert sorted(tried) == ["broken.pdf", "harbour.txt"]
    store.ledger.set_meta(reads="1")
    assert intake.ingest([folder]).unchanged == 1
    assert tried[2:] == ["broken.pdf"]
