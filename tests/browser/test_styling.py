"""Length and instructions of answers: kept with the conversation, told under each answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from reader import Reader
from test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.model]

HARBOUR = "What did the works in the harbour of Kestrel Bay cost?"
BRITISH = "For readers of a daily, British spelling"


def picker(page: Page, label: str) -> None:
    page.locator(".st-key-style-picker button").filter(has_text=label).click()


def test_the_style_of_a_conversation_is_kept_with_it_and_reported(reader: Reader) -> None:
    page = reader.page
    picker(page, "Wording")
    page.get_by_test_id("stPopoverBody").locator("label").filter(has_text="Short").click()
    page.get_by_label("Instructions for the wording").fill(BRITISH)
    page.get_by_label("Instructions for the wording").press("Tab")
    expect(page.locator(".st-key-style-picker button").first).to_contain_text("Short · with instructions")
    assert findings(page) == []
    page.keyboard.press("Escape")
    reader.ask_and_wait(HARBOUR)
    expect(reader.last).to_contain_text("quick:1b · Short · with instructions")

    page.reload()
    picker(page, "Short · with instructions")
    expect(page.get_by_label("Instructions for the wording")).to_have_value(BRITISH)
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    reader.expect_to_fit()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator(".by-conversations-new").click()
    expect(page.locator(".st-key-style-picker button").first).to_contain_text("Wording")
