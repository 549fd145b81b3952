"""Chosen articles: asked together, by a chip that the address keeps."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from opening import PageOpener
from playwright.sync_api import expect
from reader import Reader
from running import RunningApp
from test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.model]


def among(reader: Reader) -> list[str]:
    return parse_qs(urlsplit(reader.page.url).query).get("among", [])


def test_selected_articles_are_asked_until_the_chip_is_removed(
    app: RunningApp, open_page: PageOpener
) -> None:
    reader = open_page(f"{app.url}/articles")
    page = reader.page
    for title in ("La bibliothèque ferme ses portes", "Cầu Đá Xanh thông xe"):
        page.get_by_label(f"Select {title}").check()
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
    reader = open_page(f"{app.url}/articles")
    page = reader.page
    for title in ("La bibliothèque ferme ses portes", "Cầu Đá Xanh thông xe"):
        page.get_by_label(f"Select {title}").check()
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
