"""The notebook: kept in an answer, ordered, noted between, in two tabs, after a reload, on a phone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import docx
import pytest
from opening import PageOpener
from playwright.sync_api import Locator, Page, expect
from reader import Reader
from running import RunningApp
from test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.model]

HARBOUR = "What did the works in the harbour of Kestrel Bay cost?"
COST = "The works cost 42 million crowns, and forty ships are expected every week."


def entries(page: Page) -> Locator:
    return page.get_by_role("list", name="Notebook").locator("> li")


def notes(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your note")


def saved(page: Page) -> None:
    expect(page.get_by_text("All changes are saved.")).to_be_visible()


def begin(page: Page, name: str) -> None:
    """Begin a notebook of this name, on the page of notebooks."""
    page.get_by_role("button", name="More about this notebook").click()
    page.get_by_role("menuitem", name="New notebook").click()
    expect(page.get_by_role("textbox", name="Name of the notebook")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Shown notebook")).to_contain_text(name)
    expect(page.get_by_role("combobox", name="Shown notebook")).to_have_value(re.compile("."))
    expect(page.get_by_role("heading", name="Nothing kept yet")).to_be_visible()


@pytest.fixture
def story(app: RunningApp, open_page: PageOpener, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A reader on a new notebook."""
    reader = open_page(f"{app.url}/notebook")
    begin(reader.page, f"Story {request.node.name[:40]}")
    yield reader


def test_what_is_kept_in_an_answer_stands_in_the_notebook_and_opens_its_passage(story: Reader) -> None:
    page = story.page
    assert findings(page) == []
    page.get_by_role("link", name="Ask", exact=True).click()
    story.ask_and_wait(HARBOUR)
    words = page.locator("blockquote > :not(.by-pale)", has_text="The works cost")  # not those around it
    story.last.locator(".by-quote").filter(has=words).locator(".by-keep").click()
    expect(page.get_by_role("status").filter(has_text="Kept in “Story")).to_be_visible()
    story.last.locator(".by-actions .by-keep").click()
    expect(story.last.locator(".by-actions .by-keep")).to_have_text(re.compile("Kept"))
    story.last.get_by_role("button", name="Dossier", exact=True).click()
    story.wait("answered")
    entry = story.text.locator("p.by-item").first
    quoted = re.findall("“(.*)”", entry.inner_text())[0]
    entry.locator(".by-keep").click()
    expect(entry.get_by_role("button", name=re.compile("^Kept in"))).to_be_visible()
    assert findings(page) == []

    page.get_by_role("button", name="Open the notebook").click()
    expect(entries(page)).to_have_count(3)
    expect(entries(page).nth(0).locator("blockquote")).to_have_text(COST)
    expect(entries(page).nth(1).get_by_role("heading")).to_have_text(HARBOUR)
    expect(entries(page).nth(1)).to_contain_text("Written by quick:1b from these passages.")
    entries(page).nth(2).get_by_role("button", name=re.compile("^Source 1")).click()
    assert story.highlighted() == quoted
    expect(story.article).to_contain_text("In week 3 the rain")  # the whole article
    assert findings(page) == []
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Save as").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Word").click()
    assert download.value.suggested_filename.endswith(".docx")
    paragraphs = docx.Document(str(download.value.path())).paragraphs
    written = [one.text for one in paragraphs if one.style and one.style.name in ("Quote", "Heading 1")]
    assert written == [f"“{COST}”", HARBOUR, f"“{quoted}”", "References"]


def test_a_page_stands_that_was_opened_in_the_moment_of_a_click(story: Reader) -> None:
    page = story.page
    add = page.get_by_role("button", name="Add a note", exact=True)
    for link, heading in (("Models", "Models"), ("Add articles", "Add articles")):
        expect(add).to_be_visible()
        opened = page.get_by_role("link", name=link, exact=True).element_handle()
        add.evaluate(
            "(button, link) => { link.click(); button.click(); setTimeout(() => button.click()); }", opened
        )
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        page.get_by_role("link", name="Notebook", exact=True).click()
    expect(notes(page)).to_have_count(4)  # two clicks beside each link


def test_notes_are_kept_as_typed_ordered_by_the_keyboard_and_removed_with_undo(story: Reader) -> None:
    page = story.page
    page.get_by_role("button", name="Add a note", exact=True).click()
    page.keyboard.type("First thought")
    entries(page).nth(0).get_by_role("button", name="Add a note below").click()
    page.keyboard.type("Second thought\n  still second")
    entries(page).nth(1).get_by_role("button", name="Move up").press("Enter")
    expect(notes(page).nth(0)).to_have_value("Second thought\n  still second")
    expect(entries(page).nth(0).get_by_role("button", name="Move down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(notes(page).nth(0)).to_have_value("First thought")
    entries(page).nth(0).get_by_role("button", name="Remove").click()
    expect(notes(page)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(notes(page)).to_have_count(2)
    expect(notes(page).nth(0)).to_have_value("First thought")
    saved(page)

    notes(page).nth(0).press("End")
    page.keyboard.type(", not to be lost")
    page.get_by_role("link", name="Models", exact=True).click()
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Notebook", exact=True).click()
    expect(notes(page).nth(0)).to_have_value("First thought, not to be lost")
    notes(page).nth(1).press("End")
    page.keyboard.type(" to the end")
    page.reload()
    expect(notes(page).nth(1)).to_have_value("Second thought\n  still second to the end")
    saved(page)
    page.set_viewport_size({"width": 390, "height": 844})
    story.expect_to_fit()
    assert findings(page) == []


def test_two_tabs_on_one_notebook_lose_nothing(story: Reader) -> None:
    one = story.page
    one.get_by_role("button", name="Add a note", exact=True).click()
    one.keyboard.type("Shared")
    saved(one)
    two = one.context.new_page()
    two.goto(one.url)
    expect(notes(two)).to_have_value("Shared")
    two.get_by_role("button", name="Add a note below").click()
    two.keyboard.type("From the second tab")
    saved(two)
    expect(notes(one)).to_have_count(2)  # without a touch
    expect(notes(one).nth(1)).to_have_value("From the second tab")

    notes(one).nth(0).fill("Shared by one")  # in the same moment, so that neither knows of the other
    notes(two).nth(0).fill("Shared by two")
    for page in (one, two):
        expect(notes(page)).to_have_count(3)
        saved(page)
    texts = {notes(one).nth(n).input_value() for n in range(3)}
    assert texts == {"Shared by one", "Shared by two", "From the second tab"}
    assert [notes(two).nth(n).input_value() for n in range(3)] == [
        notes(one).nth(n).input_value() for n in range(3)
    ]


def test_a_note_waits_in_the_page_while_the_file_cannot_be_written(app: RunningApp, story: Reader) -> None:
    page = story.page
    page.get_by_role("button", name="Add a note", exact=True).click()
    saved(page)
    with closing(sqlite3.connect(app.data / "notebooks.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page.keyboard.type("Wait for me")
        expect(page.get_by_role("status").filter(has_text="Not saved yet: ")).to_be_visible()
        other.execute("ROLLBACK")
    saved(page)
    page.reload()
    expect(notes(page)).to_have_value("Wait for me")
