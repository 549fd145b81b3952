"""The page "Check a draft": what the articles say beside each sentence, at a desk and on a phone."""

from __future__ import annotations

import pytest
from opening import PageOpener
from playwright.sync_api import Page, expect
from reader import Reader
from running import RunningApp
from test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.model]

DRAFT = (
    "The works in the harbour of Kestrel Bay cost 47 million crowns. "
    "The library of Montfleur closes on 3 March for eighteen months. "
    "In 2019 Peru bought 300 trams."
)


def checked(page: Page, draft: str) -> None:
    page.get_by_label("Your draft").fill(draft)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("button", name="Save with notes")).to_be_visible()


def test_a_draft_is_checked_and_its_article_opens(app: RunningApp, open_page: PageOpener) -> None:
    reader = open_page(f"{app.url}/check")
    checked(reader.page, DRAFT)
    shown = reader.page.get_by_role("list", name="The draft, sentence by sentence").locator("> li")
    expect(shown).to_have_count(3)
    expect(shown.nth(0)).to_contain_text("Differs")
    expect(shown.nth(0)).to_contain_text("the article has “42 million crowns”")
    expect(shown.nth(1)).to_contain_text("Confirmed")
    expect(shown.nth(2)).to_contain_text("Not confirmed")
    assert findings(reader.page) == []
    shown.nth(0).get_by_role("button", name="Open quotation 1 in its article").click()
    assert reader.highlighted() == (
        "The works cost 42 million crowns, and forty ships are expected every week."
    )
    assert findings(reader.page) == []


def test_a_draft_stays_while_another_page_is_read_and_fits_a_phone(
    app: RunningApp, open_page: PageOpener
) -> None:
    reader: Reader = open_page(f"{app.url}/check")
    checked(reader.page, DRAFT)
    reader.page.set_viewport_size({"width": 390, "height": 844})
    reader.expect_to_fit()
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    reader.page.get_by_label("Your draft").fill("Not to be lost.")
    reader.page.keyboard.press("Tab")
    expect(reader.page.get_by_text("The text has changed since this check.")).to_be_visible()
    for page in ("Models", "Check a draft"):
        reader.page.get_by_role("link", name=page, exact=True).click()
        expect(reader.page.get_by_role("heading", name=page)).to_be_visible()
    expect(reader.page.get_by_label("Your draft")).to_have_value("Not to be lost.")
