"""The page of articles: search, filter, sort, turn pages, open, take out, put back; skipped; charts."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from articles import ARTICLES, article, write
from ollama_server import OllamaServer
from opening import PageOpener
from playwright.sync_api import Page, expect
from running import RunningApp, ingest

pytestmark = [pytest.mark.browser, pytest.mark.model]

NOTES = {
    f"note-{n:02d}.md": article(
        f"Note {n:02d} of the harbour",
        "en",
        f"2024-{n % 12 + 1:02d}-05",
        "Dock Gazette",
        f"Ship {n} came in.",
    )
    for n in range(57)
}


@pytest.fixture(scope="module")
def library(
    models: Path, engine: OllamaServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningApp]:
    """The app on sixty articles and a file that is none."""
    folder = tmp_path_factory.mktemp("articles")
    write(folder / "articles", ARTICLES | NOTES)
    (folder / "articles" / "empty.txt").write_text("")
    ingest(folder / "articles", folder / "data")
    with RunningApp(folder / "data", OLLAMA_HOST=engine.host, BYLINE_MODEL="quick:1b") as running:
        yield running


@pytest.fixture
def page(library: RunningApp, open_page: PageOpener) -> Page:
    return open_page(f"{library.url}/articles").page


def titles(page: Page) -> list[str]:
    return page.locator(".by-list tbody .by-list-title").all_text_contents()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def expect_count(page: Page, text: str) -> None:
    expect(page.get_by_text(text, exact=True)).to_be_visible()


def test_pages_are_turned_and_kept_in_the_address(page: Page) -> None:
    expect(page.get_by_text("1–50 of 60")).to_be_visible()
    first = titles(page)
    page.get_by_role("table").get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("51–60 of 60")).to_be_visible()
    page.get_by_role("table").get_by_role("checkbox").nth(1).check()
    expect(page.get_by_text("Selected: 2")).to_be_visible()
    assert len(first) == 50 and len(titles(page)) == 10 and not {*first} & {*titles(page)}
    page.reload()
    expect(page.get_by_text("51–60 of 60")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("1–50 of 60")).to_be_visible()


def test_heads_sort(page: Page) -> None:
    head = page.get_by_role("columnheader", name="Title")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert titles(page)[0] == "Cầu Đá Xanh thông xe"
    page.get_by_role("columnheader", name="Published").get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Published")).to_have_attribute("aria-sort", "descending")
    assert titles(page)[0] == "Cầu Đá Xanh thông xe" and asked(page)["sort"] == ["-published"]


def test_words_and_filters_narrow_the_list(library: RunningApp, page: Page, open_page: PageOpener) -> None:
    page.get_by_label("Search", exact=True).fill("dredging")
    page.keyboard.press("Enter")
    expect_count(page, "1 article")
    assert titles(page)[0] == "The harbour opens again"
    page.get_by_label("Search", exact=True).fill("")
    page.keyboard.press("Enter")
    expect_count(page, "60 articles")
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Language", exact=True).click()
    page.get_by_role("option", name="French").click()
    expect_count(page, "1 article")
    assert asked(page) == {"language": ["fr"]}
    again = open_page(page.url).page
    expect_count(again, "1 article")
    again.get_by_role("button", name="French").click()
    again.get_by_role("button", name="Clear the filters").click()
    expect_count(again, "60 articles")
    shared = open_page(f"{library.url}/articles?source=Dock+Gazette&since=2024-11-01&words=nothing+such").page
    expect(shared.get_by_text(re.compile("No article matches"))).to_be_visible()


def test_what_is_close_in_meaning_is_found_in_other_languages(page: Page) -> None:
    page.get_by_label("Search", exact=True).fill("library closed for renovation")
    page.keyboard.press("Enter")
    near = page.get_by_role("table", name="Close in meaning, in any language")
    near.get_by_role("button", name="La bibliothèque ferme ses portes").click()
    expect(page.get_by_role("dialog")).to_contain_text("Les 60 000 livres")


def test_an_article_is_opened_and_its_address_can_be_shared(page: Page, open_page: PageOpener) -> None:
    page.get_by_label("Search", exact=True).fill("dredging")
    page.keyboard.press("Enter")
    expect_count(page, "1 article")
    page.get_by_role("button", name="The harbour opens again").click()
    opened = page.get_by_role("dialog").locator(".by-article")
    expect(opened).to_contain_text("The works cost 42 million crowns")
    brief = opened.locator(".by-brief")
    brief.locator("li button").last.click()
    said = brief.locator("li").last.inner_text()
    expect(opened.locator("p.by-shown")).to_contain_text(said)
    expect(opened.locator("p.by-shown")).to_be_in_viewport()
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.locator(".by-list td.title").bounding_box()["width"] > 250, "beside the article, too"
    expect(open_page(page.url).page.get_by_role("dialog")).to_contain_text("42 million crowns")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("article="))


def test_articles_are_taken_out_undone_and_put_back(page: Page) -> None:
    page.get_by_role("columnheader", name="Title").get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "ascending")
    take_out = page.get_by_role("button", name="Remove from the library")
    expect(take_out).to_be_disabled()
    for number in (3, 4):
        page.get_by_label(f"Select Note {number:02d} of the harbour").check()
    take_out.click()
    expect(page.get_by_text("2 articles were removed.")).to_be_visible()
    expect_count(page, "58 articles")
    page.get_by_role("button", name="Undo").click()
    expect_count(page, "60 articles")
    page.get_by_label("Select Note 05 of the harbour").check()
    take_out.click()
    expect_count(page, "59 articles")
    page.get_by_role("radio", name=re.compile("Removed")).click()
    expect(page.get_by_role("table")).to_contain_text("Note 05 of the harbour")
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Nothing was removed.")).to_be_visible()
    page.get_by_role("radio", name=re.compile("In the library")).click()
    expect_count(page, "60 articles")


def test_what_was_skipped_is_reported_with_its_reason(page: Page) -> None:
    page.get_by_role("radio", name=re.compile("Skipped")).click()
    row = page.get_by_role("row").filter(has_text="empty.txt")
    expect(row).to_be_visible()
    assert len(row.get_by_role("cell").nth(1).inner_text()) > 10


def test_charts_count_languages_outlets_and_months(page: Page) -> None:
    page.get_by_role("radio", name="Charts").click()
    expect(page.locator(".by-bars").first).to_contain_text("English58")
    expect(page.locator(".by-bars").nth(1)).to_contain_text("Dock Gazette57")
    english, other = [bar.bounding_box()["width"] for bar in page.locator(".by-bars dd span").all()[:2]]
    assert english / other == pytest.approx(58, rel=0.1), "58 articles to 1"
    january = page.locator(".by-time li").filter(has_text="January 2024")
    expect(january).to_have_attribute("title", "January 2024: 5 articles")
    page.reload()
    expect(page.locator(".by-bars").first).to_be_visible()


def test_what_an_older_byline_wrote_is_reported_and_indexed_by_a_click(
    indexed: Path, engine: OllamaServer, open_page: PageOpener, tmp_path: Path
) -> None:
    data = shutil.copytree(indexed, tmp_path / "data")
    with closing(sqlite3.connect(data / "library.sqlite")) as database:
        database.execute("PRAGMA user_version = 1")
    with RunningApp(data, OLLAMA_HOST=engine.host, BYLINE_MODEL="quick:1b") as running:
        page = open_page(f"{running.url}/articles").page
        told = page.get_by_text("3 articles are not indexed yet")
        expect(told).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Index now").click()
        expect(told).to_have_count(0, timeout=60_000)
        expect(page.get_by_role("row").filter(has_text="harbour").locator(".number")).to_have_text("9")


def test_what_was_left_out_is_shown_and_the_article_taken_as_it_is(
    models: Path, engine: OllamaServer, open_page: PageOpener, tmp_path: Path
) -> None:
    ferry = "The ferry stays\n\nShare | Facebook | Twitter\n\nThe council voted on Tuesday to keep it.\n"
    ingest(write(tmp_path / "articles", {"ferry.txt": ferry}), tmp_path / "data")
    with RunningApp(tmp_path / "data", OLLAMA_HOST=engine.host, BYLINE_MODEL="quick:1b") as running:
        page = open_page(f"{running.url}/articles").page
        page.get_by_role("button", name="The ferry stays").click()
        drawer = page.get_by_role("dialog")
        text, line = drawer.locator(".by-article-text"), drawer.get_by_text("Share | Facebook | Twitter")
        expect(line).to_be_hidden()
        drawer.get_by_text("1 line left out", exact=True).click()
        expect(line).to_be_visible()
        expect(drawer.get_by_text("a notice or a button of the page")).to_be_visible()
        drawer.get_by_role("button", name="Take it as it is").click()
        expect(text).to_contain_text("Share | Facebook | Twitter")
        expect(drawer.get_by_text("Taken as it is")).to_be_visible()
        drawer.get_by_role("button", name="Clean it again").click()
        expect(text).not_to_contain_text("Share")


def test_it_fits_a_phone(library: RunningApp, open_page: PageOpener) -> None:
    reader = open_page(f"{library.url}/articles", width=390, height=844)
    expect(reader.page.locator(".by-list tbody tr").first).to_be_visible()
    reader.expect_to_fit()
