"""Filters beside the question: what is searched, what the answer says of them, what the address keeps."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from opening import PageOpener
from playwright.sync_api import expect
from reader import Reader
from running import RunningApp

pytestmark = [pytest.mark.browser, pytest.mark.model]

HARBOUR = "What did the works in the harbour of Kestrel Bay cost?"


def credits(reader: Reader) -> list[str]:
    """Outlet, date and language of each source, and what became of it."""
    return reader.last.locator(".by-source-title + .by-credits").all_text_contents()


def test_only_what_passes_is_searched_and_the_answer_says_so(reader: Reader) -> None:
    page = reader.page
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Language", exact=True).click()
    page.get_by_role("option", name="French").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("language=fr"))
    reader.ask(HARBOUR)
    expect(reader.last).to_have_attribute("data-state", re.compile("answered|unconfirmed|not_found"))
    assert credits(reader) and all("French" in line for line in credits(reader))
    expect(reader.last.get_by_text("Searched only: French")).to_be_visible()
    page.reload()
    expect(reader.last.get_by_text("Searched only: French")).to_be_visible()
    expect(page.get_by_role("button", name="French", exact=True)).to_be_visible()
    assert {"chat", "language"} == {*parse_qs(urlsplit(page.url).query)}


def test_filters_come_with_an_address_and_can_be_cleared(app: RunningApp, open_page: PageOpener) -> None:
    reader = open_page(f"{app.url}/?source=quay+news&since=2025-03-01&until=nonsense")
    button = reader.page.get_by_role("button", name="quay news · since 1 March 2025")
    expect(button).to_be_visible()
    reader.ask_and_wait(HARBOUR)
    assert credits(reader) and all("Quay News" in line for line in credits(reader))
    button.click()
    reader.page.get_by_role("button", name="Clear the filters").click()
    expect(reader.page.get_by_role("button", name="Filters", exact=True)).to_be_visible()
    expect(reader.page).not_to_have_url(re.compile("since="))
