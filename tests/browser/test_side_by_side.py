"""Models compared: the same question and passages, one after the other; the report card of one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from ollama_server import OllamaServer
from opening import PageOpener
from playwright.sync_api import Locator, Page, expect
from running import RunningApp

pytestmark = [pytest.mark.browser, pytest.mark.model]

HARBOUR = "What did the works in the harbour of Kestrel Bay cost?"
DEFAULTS = ("qwen2.5-coder-0.5b-instruct-q4_k_m", "qwen2.5-coder-1.5b-instruct-q4_k_m")


@pytest.fixture
def page(app: RunningApp, engine: OllamaServer, open_page: PageOpener) -> Page:
    engine.delay = 0
    page = open_page(f"{app.url}/compare").page
    expect(page.get_by_role("heading", name="Compare models")).to_be_visible()
    return page


def choose(page: Page, models: Sequence[str]) -> None:
    """Pick these models and no others; once more where the page was drawn anew meanwhile."""
    group = page.locator(".st-key-comparison-models")
    for _ in range(2):
        for name in (*models, *DEFAULTS):
            chip, wanted = group.get_by_role("button", name=name), str(name in models).lower()
            if chip.count() and chip.get_attribute("aria-pressed") != wanted:
                chip.click()
                expect(chip).to_have_attribute("aria-pressed", wanted)
        page.wait_for_timeout(1_500)


def ask(page: Page, *models: str) -> Locator:
    """Compare; the columns."""
    choose(page, models)
    page.get_by_label("Question").fill(HARBOUR)
    page.locator(".st-key-comparison-go button").click()
    columns = page.locator(".by-column")
    expect(columns).to_have_count(len(models))
    return columns


def test_models_answer_in_turn_with_times_and_checks_and_one_that_fails_leaves_the_others(
    page: Page, open_page: PageOpener
) -> None:
    columns = ask(page, "quick:1b", "fault-error:1b", "other:3b")
    quick, failed, other = (
        columns.filter(has_text=name) for name in ("quick:1b", "fault-error:1b", "other:3b")
    )
    for column, state in ((quick, "answered"), (failed, "failed"), (other, "answered")):
        expect(column).to_have_attribute("data-state", state)
    for column in (quick, other):
        for name in ("First word", "Whole answer", "Supported sentences"):
            expect(column.locator(".by-figures")).to_contain_text(name)
    expect(failed).to_contain_text("No complete answer")
    chip = other.locator(".by-chip").first
    source = page.locator(f'.by-compared .by-source[data-n="{chip.text_content()}"]')
    words = source.evaluate("(button) => button.source.text")
    chip.click()
    opened = page.get_by_role("dialog", name="Sources").locator(".by-article")
    expect(opened.locator(".by-address")).to_contain_text(".md")
    assert "".join(opened.locator("mark.by-cited").all_text_contents()) in (words or "").replace("\n", "")
    again = open_page(page.url).page
    expect(again.locator(".by-column").nth(2)).to_have_attribute("data-state", "answered")


def test_the_second_waits_for_the_first_and_all_can_be_stopped(page: Page, engine: OllamaServer) -> None:
    engine.delay = 0.3
    columns = ask(page, "quick:1b", "other:3b")
    expect(columns.first).to_have_attribute("data-state", "writing")
    expect(columns.nth(1)).to_contain_text("Waiting for its turn")
    page.locator(".st-key-comparison-stop button").click()
    for n in (0, 1):
        expect(columns.nth(n)).to_have_attribute("data-state", "stopped")
    expect(columns.first.locator(".by-text")).not_to_be_empty()
    engine.delay = 0


@pytest.mark.slow
def test_a_report_card_is_made_in_the_background_stopped_made_again_and_kept(page: Page) -> None:
    page.get_by_role("radio", name="Report card").click()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="quick:1b").click()
    page.get_by_role("button", name="Make the report card").click()
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    page.get_by_role("link", name="Articles", exact=True).click()
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()
    page.get_by_role("link", name="Compare models").click()
    page.get_by_role("radio", name="Report card").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped: no report card was made.")).to_be_visible()
    expect(page.locator(".st-key-card img")).to_have_count(0)
    page.get_by_role("button", name="Make the report card").click()
    picture = page.locator(".st-key-card img")
    expect(picture).to_be_visible(timeout=240_000)
    page.reload()
    expect(picture).to_be_visible()
    expect(page.get_by_text("Made on")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits_a_phone(app: RunningApp, engine: OllamaServer, open_page: PageOpener, dark: bool) -> None:
    engine.delay = 0
    reader = open_page(f"{app.url}/compare", width=390, height=844, dark=dark)
    columns = ask(reader.page, "quick:1b", "other:3b")
    expect(columns.nth(1)).to_have_attribute("data-state", "answered")
    reader.expect_to_fit()
