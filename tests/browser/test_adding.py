"""Articles added in the page: a file, a text, an address that may not be fetched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from articles import ARTICLES, write
from opening import PageOpener
from playwright.sync_api import expect
from running import RunningApp

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
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("2 articles added")).to_be_visible(timeout=400_000)
    page.get_by_label("Addresses, or a text").fill("http://127.0.0.1:1/\nfile:///etc/passwd")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("2 skipped").first).to_be_visible(timeout=400_000)
    page.get_by_text("2 skipped").last.click()
    expect(page.get_by_text("private or reserved network")).to_be_visible()
    if folder := os.environ.get("BYLINE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "adding.png")
