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
