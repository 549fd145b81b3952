"""The list of conversations: found again, searched, renamed, deleted and taken back, saved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from articles import ARTICLES, write
from ollama_server import OllamaServer
from opening import PageOpener
from playwright.sync_api import Locator, expect
from reader import Reader
from running import RunningApp, ingest

pytestmark = [pytest.mark.browser, pytest.mark.model]

HARBOUR = "What did the works in the harbour of Kestrel Bay cost?"
LIBRARY = "Quand la bibliothèque de Montfleur ferme-t-elle ses portes ?"


@pytest.fixture
def own(models: Path, engine: OllamaServer, tmp_path: Path) -> Iterator[RunningApp]:
    """An app of this test's own: it begins with no conversations."""
    ingest(write(tmp_path / "articles", ARTICLES), tmp_path / "data")
    engine.delay = 0
    with RunningApp(tmp_path / "data", OLLAMA_HOST=engine.host, BYLINE_MODEL="quick:1b") as running:
        yield running
    engine.delay = 0


def titles(reader: Reader) -> Locator:
    return reader.page.locator(".by-conversations-title")


def choose(reader: Reader, title: str, what: str) -> None:
    """Pick from the menu of a conversation."""
    reader.page.get_by_role("button", name=f"More about “{title}”").click()
    reader.page.get_by_role("menuitem", name=what).click()


def test_the_list_from_the_first_question_to_a_deletion_taken_back(
    own: RunningApp, open_page: PageOpener
) -> None:
    reader = open_page(own.url)
    page = reader.page
    expect(page.get_by_text("Your conversations are stored here, on this machine.")).to_be_visible()
    reader.ask_and_wait(HARBOUR)
    expect(titles(reader)).to_have_text([HARBOUR])
    page.locator(".by-conversations-new").click()
    expect(reader.exchanges).to_have_count(0)
    reader.ask_and_wait(LIBRARY)
    expect(titles(reader)).to_have_text([LIBRARY, HARBOUR])

    page.get_by_role("searchbox", name="Search conversations").fill("kestr")
    expect(titles(reader)).to_have_text([HARBOUR])
    page.get_by_role("link", name=HARBOUR).click()
    expect(reader.last.get_by_role("heading", level=2)).to_have_text(HARBOUR)
    page.get_by_role("searchbox", name="Search conversations").fill("nowhere said")
    expect(page.get_by_text("No conversation matches.")).to_be_visible()
    page.get_by_role("searchbox", name="Search conversations").fill("")
    expect(titles(reader)).to_have_text([LIBRARY, HARBOUR])

    choose(reader, HARBOUR, "Rename")
    page.keyboard.type("Kestrel Bay")
    page.keyboard.press("Enter")
    expect(titles(reader)).to_have_text([LIBRARY, "Kestrel Bay"])
    choose(reader, "Kestrel Bay", "Pin to the top")
    expect(titles(reader)).to_have_text(["Kestrel Bay", LIBRARY])
    expect(page.get_by_role("heading", name="Pinned")).to_be_visible()
    choose(reader, "Kestrel Bay", "Unpin")
    expect(titles(reader)).to_have_text([LIBRARY, "Kestrel Bay"])
    choose(reader, "Kestrel Bay", "Delete")
    expect(titles(reader)).to_have_text([LIBRARY])
    expect(reader.exchanges).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(titles(reader)).to_have_text([LIBRARY, "Kestrel Bay"])
    expect(reader.last.get_by_role("heading", level=2)).to_have_text(HARBOUR)


def test_from_another_page_a_conversation_is_opened_and_what_was_half_typed_is_kept(reader: Reader) -> None:
    reader.ask_and_wait(HARBOUR)
    reader.question.fill("And who ")
    reader.page.get_by_role("link", name="Models", exact=True).click()
    expect(reader.page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
    reader.page.get_by_role("link", name=HARBOUR).first.click()
    expect(reader.last.get_by_role("heading", level=2)).to_have_text(HARBOUR)
    expect(reader.question).to_have_value("And who ")


def test_a_conversation_is_saved_as_markdown_and_json(own: RunningApp, open_page: PageOpener) -> None:
    reader = open_page(own.url)
    reader.ask_and_wait(HARBOUR)
    saved = {}
    for form in ("Markdown", "JSON"):
        with reader.page.expect_download() as download:
            choose(reader, HARBOUR, f"Save as {form}")
        saved[form] = Path(download.value.path()).read_text("utf-8")
    cited = reader.sources.nth(int(reader.chips.first.inner_text()) - 1).locator(".by-source-title")
    assert f"## {HARBOUR}" in saved["Markdown"] and f"\n1. {cited.inner_text()}, " in saved["Markdown"]
    (exchange,) = json.loads(saved["JSON"])["exchanges"]
    assert exchange["model"] == "quick:1b" and exchange["digest"] and exchange["prompt"][-1][0] == "user"


def test_an_answer_outlives_the_app_and_says_that_it_was_cut_off(
    own: RunningApp, engine: OllamaServer, open_page: PageOpener
) -> None:
    engine.delay = 0.25
    reader = open_page(own.url)
    reader.ask(HARBOUR)
    reader.wait("writing")
    expect(reader.text).to_have_text(re.compile(".{12}"))
    chat = reader.page.url.split("?")[1]
    own.process.kill()
    own.process.wait()
    engine.delay = 0
    with RunningApp(own.data, OLLAMA_HOST=engine.host, BYLINE_MODEL="quick:1b") as again:
        after = open_page(f"{again.url}/?{chat}")
        after.wait("cut_off")
        assert len(after.text.inner_text()) > 5
        expect(after.last.get_by_text("The app closed while this answer was being written.")).to_be_visible()


def test_versions_of_an_answer_and_what_the_reader_thinks_of_it(reader: Reader) -> None:
    page = reader.page
    reader.ask_and_wait(HARBOUR)
    page.get_by_role("button", name="Answer again with another model").click()
    page.get_by_role("menuitem", name="other:3b").click()
    expect(page.locator(".by-version")).to_have_text("2 of 2")
    reader.wait("answered")
    expect(reader.last.locator(".by-footer")).to_contain_text("other:3b")
    page.get_by_role("button", name="Edit the question").click()
    page.keyboard.type(" In crowns?")
    page.keyboard.press("Enter")
    expect(reader.last.get_by_role("heading", level=2)).to_have_text(f"{HARBOUR} In crowns?")
    expect(page.locator(".by-version")).to_have_text("3 of 3")
    reader.wait("answered")
    page.get_by_role("button", name="Earlier version").click()
    expect(reader.last.get_by_role("heading", level=2)).to_have_text(HARBOUR)

    page.get_by_role("button", name="Bad answer").click()
    page.get_by_label("It is wrong").check()
    page.get_by_role("textbox", name="In your words").fill("It was 40.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator(".by-version")).to_have_text("2 of 3")
    expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")


def test_on_paper_there_is_the_conversation_alone(reader: Reader) -> None:
    reader.ask_and_wait(HARBOUR)
    reader.page.emulate_media(media="print")
    expect(reader.text).to_be_visible()
    expect(reader.sources.first).to_be_visible()
    for furniture in (".by-conversations", ".by-actions", "[data-testid=stChatInput]", ".by-name"):
        expect(reader.page.locator(furniture).first).to_be_hidden()
