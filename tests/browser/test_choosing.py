"""Chosen articles: asked together, by a chip that the address keeps."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from ollama_server import OllamaServer
from opening import PageOpener
from playwright.sync_api import expect
from reader import Reader
from running import RunningApp
from test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.model]


def among(reader: Reader) -> list[str]:
    return parse_qs(urlsplit(reader.page.url).query).get("among", [])


def with_two_selected(app: RunningApp, open_page: PageOpener) -> Reader:
    """The list of articles with two of them selected."""
    reader = open_page(f"{app.url}/articles")
    for title in ("La bibliothèque ferme ses portes", "Cầu Đá Xanh thông xe"):
        reader.page.get_by_label(f"Select {title}").check()
    return reader


def test_selected_articles_are_asked_until_the_chip_is_removed(
    app: RunningApp, open_page: PageOpener
) -> None:
    reader = with_two_selected(app, open_page)
    page = reader.page
    page.get_by_role("button", name="Ask these articles").click()
    chip = page.get_by_role("button", name="2 articles")
    expect(chip).to_be_visible()
    expect(page.get_by_role("heading", name="What do your articles say?")).to_be_visible()
    assert findings(page) == [] and len(among(reader)) == 2
    reader.ask_and_wait("Who keeps 60 000 books?", re.compile("unconfirmed|answered"))
    expect(reader.last.get_by_text("Searched only: 2 articles")).to_be_visible()
    page.reload()
    expect(chip).to_be_visible()
    page.get_by_role("link", name="Models", exact=True).click()
    expect(page.get_by_role("heading", name="Models")).to_be_visible()
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(chip).to_be_visible()
    page.get_by_role("button", name="New conversation").first.click()
    expect(chip).to_have_count(0)
    page.go_back()
    expect(chip).to_be_visible()
    chip.click()
    expect(chip).to_have_count(0)
    expect(page).not_to_have_url(re.compile("among="))


def test_the_article_that_is_open_is_asked(app: RunningApp, open_page: PageOpener) -> None:
    reader = open_page(f"{app.url}/articles", width=390, height=844)
    reader.page.get_by_role("button", name="La bibliothèque ferme ses portes").click()
    reader.page.get_by_role("button", name="Ask this article").click()
    expect(reader.page.get_by_role("button", name="1 article")).to_be_visible()
    reader.expect_to_fit()
    reader.ask_and_wait("Who keeps 60 000 books?", re.compile("unconfirmed|answered"))
    assert reader.sources.count() and len(among(reader)) == 1
    reader.sources.first.click()
    reader.page.get_by_role("button", name="Ask this article").click()
    expect(reader.page.get_by_role("heading", name="What do your articles say?")).to_be_visible()
    assert len(among(reader)) == 1


def test_a_collection_is_made_from_rows_asked_renamed_and_deleted(
    app: RunningApp, open_page: PageOpener
) -> None:
    reader = with_two_selected(app, open_page)
    page = reader.page
    page.get_by_role("button", name="Add to collection…").click()
    dialog = page.get_by_role("dialog", name="Add to a collection")
    dialog.get_by_role("combobox", name="Name of the collection").fill("Travaux")
    page.keyboard.press("Enter")
    assert findings(page) == []
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 articles are now in “Travaux”.")).to_be_visible()
    page.get_by_role("radio", name=re.compile("Collections · 1")).click()
    page.get_by_role("table").get_by_role("button", name="Travaux").click()
    expect(page.get_by_text("2 articles", exact=True)).to_be_visible()
    page.get_by_label("Select Cầu Đá Xanh thông xe").check()
    page.get_by_role("button", name="Take out of “Travaux”").click()
    expect(page.get_by_text("1 article", exact=True)).to_be_visible()
    page.goto(f"{app.url}/?collection=Travaux")
    reader.ask_and_wait("Who keeps 60 000 books?", re.compile("unconfirmed|answered"))
    expect(reader.last.get_by_text("Searched only: in “Travaux”")).to_be_visible()
    page.goto(f"{app.url}/articles?view=collections")
    page.get_by_label("Select Travaux").check()
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Name of the collection").fill("Ponts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").get_by_role("button", name="Ponts")).to_be_visible()
    page.get_by_label("Select Ponts").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("There are no collections yet.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Select Ponts").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("There are no collections yet.")).to_be_visible()
    assert findings(page) == []


def test_details_are_corrected_of_one_and_of_several_articles_and_restored(
    indexed: Path, engine: OllamaServer, open_page: PageOpener, tmp_path: Path
) -> None:
    data = shutil.copytree(indexed, tmp_path / "data")
    with RunningApp(data, OLLAMA_HOST=engine.host, BYLINE_MODEL="quick:1b") as running:
        page = open_page(f"{running.url}/articles").page
        row = page.get_by_role("row").filter(has_text="3 Jul 2024")
        for title in ("La bibliothèque ferme ses portes", "Cầu Đá Xanh thông xe"):
            page.get_by_label(f"Select {title}").check()
        page.get_by_role("button", name="Correct details…").click()
        dialog = page.get_by_role("dialog", name="Correct details")
        dialog.get_by_role("spinbutton", name="day, Published").click()
        page.keyboard.type("03072024")
        dialog.get_by_role("heading").click()  # closes the calendar
        dialog.get_by_label("Outlet").fill("Dock Gazette")
        assert findings(page) == []
        dialog.get_by_role("button", name="Save").click()
        expect(row).to_have_count(2)
        page.get_by_role("button", name="Cầu Đá Xanh thông xe").click()
        drawer = page.get_by_role("dialog", name="Article")
        expect(drawer.get_by_text("corrected by hand")).to_be_visible()
        drawer.get_by_role("button", name="Correct details…").click()
        expect(dialog.get_by_label("Outlet")).to_have_value("Dock Gazette")
        dialog.get_by_label("Title").fill("The bridge of Đá Xanh")
        dialog.get_by_label("Clear").click()
        dialog.get_by_role("button", name="Save").click()
        expect(page.get_by_role("button", name="The bridge of Đá Xanh")).to_be_visible()
        expect(row).to_have_count(1)
        page.get_by_label("Select all on this page").check()
        page.get_by_role("button", name="Correct details…").click()
        dialog.get_by_role("button", name="Restore what was read from the file").click()
        expect(row).to_have_count(0)
        expect(page.get_by_role("button", name="Cầu Đá Xanh thông xe")).to_be_visible()
