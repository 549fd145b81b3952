"""Articles added in the page: a file, a text, an address that may not be fetched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from articles import ARTICLES, write
from opening import PageOpener
from playwright.sync_api import Page, expect
from running import RunningApp
from web_examples import Reply, sites

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(900)]
TEXT = "The lighthouse keeper\n\nThe lighthouse of Ardmore has had a new keeper since Monday, Maeve Quill."


@pytest.fixture
def empty_app(models: Path, tmp_path: Path) -> Iterator[RunningApp]:
    with RunningApp(tmp_path / "data") as running:
        yield running


def test_files_text_and_addresses_come_in_and_what_is_skipped_says_why(
    empty_app: RunningApp, open_page: PageOpener, tmp_path: Path
) -> None:
    folder = write(tmp_path / "articles", ARTICLES)
    first = sorted(folder.rglob("*.*"))[0]
    page = open_page(f"{empty_app.url}/add").page
    page.locator("input[type=file]").set_input_files(first)
    expect(page.get_by_text(first.name)).to_be_visible()
    page.get_by_label("Addresses, or a text").fill(TEXT)
    collection = page.get_by_role("combobox", name="Add them to a collection")
    collection.fill("Lighthouses")
    collection.press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("2 articles added")).to_be_visible(timeout=400_000)
    added = page.get_by_role("row").filter(has_text="The lighthouse keeper")
    for part in ("English", "no date found"):
        expect(added).to_contain_text(part)
    wrong = "http://127.0.0.1:1/\nfile:///etc/passwd"
    page.get_by_label("Addresses, or a text").fill(wrong)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("2 skipped").first).to_be_visible(timeout=400_000)
    expect(page.get_by_text("private or reserved network")).to_be_visible()
    expect(page.get_by_label("Addresses, or a text")).to_have_value(wrong)
    other = open_page(f"{empty_app.url}/add").page
    expect(other.get_by_text("2 skipped")).to_be_visible()  # folded
    expect(other.get_by_text("private or reserved network")).to_be_hidden()
    if folder := os.environ.get("BYLINE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "adding.png")
    page.goto(f"{empty_app.url}/articles?collection=Lighthouses")
    expect(page.get_by_role("row").filter(has_text="The lighthouse keeper")).to_be_visible()
    expect(page.get_by_text("2 articles", exact=True)).to_be_visible()


def drop(page: Page, name: str) -> None:
    """Let go of a file over the page."""
    given = (
        "([name, text]) => { const d = new DataTransfer(); d.items.add(new File([text], name)); return d; }"
    )
    expect(page.locator(".by-drop")).to_be_attached()
    files = page.evaluate_handle(given, [name, TEXT])
    page.dispatch_event("body", "dragenter", {"dataTransfer": files})
    expect(page.locator(".by-drop")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": files})
    expect(page.get_by_test_id("stFileChipName")).to_have_text(name)


def test_files_are_dropped_anywhere_and_the_last_article_can_be_taken_out_and_put_back(
    empty_app: RunningApp, open_page: PageOpener
) -> None:
    page = open_page(empty_app.url).page
    expect(page.get_by_role("heading", name="No articles yet")).to_be_visible()
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()  # else the page that has one is opened
    drop(page, "keeper.txt")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("1 article in English")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Articles", exact=True).click()
    page.get_by_label("Select The lighthouse keeper").check()
    page.get_by_role("button", name="Remove from the library").click()
    expect(page.get_by_text("1 article was removed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Select The lighthouse keeper")).to_be_visible()
    drop(page, "another.txt")
    expect(page.get_by_role("heading", name="Add articles")).to_be_visible()


def test_what_cannot_be_stored_stays_in_the_form(
    empty_app: RunningApp, open_page: PageOpener, tmp_path: Path
) -> None:
    first = sorted(write(tmp_path / "articles", ARTICLES).rglob("*.*"))[0]
    page = open_page(f"{empty_app.url}/add").page
    page.locator("input[type=file]").set_input_files(first)
    expect(page.get_by_text(first.name)).to_be_visible()
    page.get_by_label("Addresses, or a text").fill(TEXT)
    blocked = tmp_path / "data" / "added"
    blocked.write_text("a file where the folder should be")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("cannot be opened for writing")).to_be_visible()
    expect(page.get_by_label("Addresses, or a text")).to_have_value(TEXT)
    expect(page.get_by_test_id("stFileChipName")).to_be_visible()
    blocked.unlink()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("2 articles added")).to_be_visible(timeout=400_000)
    expect(page.get_by_label("Addresses, or a text")).to_have_value("")
    expect(page.get_by_text("cannot be opened for writing")).to_have_count(0)
    page.get_by_role("button", name="The lighthouse keeper").click()
    expect(page.get_by_role("dialog")).to_contain_text("Maeve Quill")
    page.get_by_role("link", name="Ask about these articles").click()
    expect(page.get_by_role("button", name="2 articles")).to_be_visible()
    expect(page.get_by_placeholder("Ask your articles")).to_be_visible()


def test_a_feed_is_subscribed_to_looked_at_again_and_removed(
    models: Path, tmp_path: Path, open_page: PageOpener
) -> None:
    day = "<pubDate>Wed, 12 Mar 2025 06:15:00 GMT</pubDate>"
    with sites(1) as (site,):
        page_of = (
            f"<html><body><article><h1>The keeper</h1><p>{TEXT * 5}</p></article></body></html>".encode()
        )
        item = f"<item><title>The keeper</title><link>{site.url}/1</link>{day}</item>"
        feed = f'<rss version="2.0"><channel><title>Ardmore News</title>{item}</channel></rss>'.encode()
        site.reset(
            {"/1": Reply(page_of), "/feed": Reply(feed, headers={"Content-Type": "application/rss+xml"})}
        )
        with RunningApp(tmp_path / "data", BYLINE_VISIT=f"127.0.0.1:{site.port}") as running:
            page = open_page(f"{running.url}/add").page
            address = page.get_by_label("Address of a feed")
            for _ in range(3):  # a click may come while the page is drawn for the first time
                page.get_by_text("Feeds", exact=True).click()
                with suppress(AssertionError):
                    expect(address).to_be_visible(timeout=10_000)
                    break
            address.fill(f"{site.url}/feed")
            page.get_by_role("button", name="Subscribe", exact=True).click()
            expect(page.get_by_text("1 article added")).to_be_visible(timeout=400_000)
            expect(page.get_by_text("Ardmore News")).to_be_visible()
            expect(page.get_by_text("Every 60 minutes, last checked")).to_be_visible()
            site.routes["/feed"] = Reply(b"", 503)
            page.get_by_role("button", name="Check now").click()
            expect(page.get_by_text("The site is not available now (503)")).to_be_visible(timeout=60_000)
            if folder := os.environ.get("BYLINE_SCREENSHOTS"):
                page.screenshot(path=Path(folder) / "feeds.png")
            page.get_by_role("button", name="Unsubscribe").click()
            expect(page.get_by_text("Ardmore News")).to_have_count(0)
