"""Following a citation: the card, the drawer, the keyboard, the phone."""

from __future__ import annotations

import pytest
from articles import ARTICLES
from ollama_server import OllamaServer
from opening import PageOpener
from playwright.sync_api import Locator, expect
from reader import Reader
from running import RunningApp

pytestmark = [pytest.mark.browser, pytest.mark.model]

HARBOUR = "What did the works in the harbour of Kestrel Bay cost?"


@pytest.fixture
def answered(reader: Reader) -> Reader:
    """A reader with an answer."""
    reader.ask_and_wait(HARBOUR)
    return reader


def test_a_citation_opens_the_article_with_exactly_the_passage_marked_and_in_sight(
    answered: Reader,
) -> None:
    number = int(answered.chips.first.text_content() or 0)
    passage = answered.passage(number)
    answered.chips.first.click()
    assert answered.highlighted() == passage
    expect(answered.article.locator("mark").first).to_be_in_viewport()
    title = answered.article.get_by_role("heading", level=2).text_content()
    assert any(f"title: '{title}'" in article and passage in article for article in ARTICLES.values())


def test_the_drawer_tells_title_source_date_and_language(answered: Reader) -> None:
    answered.sources.filter(has_text="The harbour opens again").first.click()
    expect(answered.article.get_by_role("heading", level=2)).to_have_text("The harbour opens again")
    expect(answered.article.get_by_text("Quay News · 10 March 2025 · English")).to_be_visible()
    expect(answered.article.get_by_text("harbour.md")).to_be_visible()
    expect(answered.article).to_have_attribute("lang", "en")


def test_the_passage_shows_in_a_card_while_the_pointer_is_on_the_citation(answered: Reader) -> None:
    passage = answered.passage(int(answered.chips.first.text_content() or 0))
    card = answered.last.get_by_role("tooltip")
    answered.chips.first.hover()
    expect(card).to_contain_text("The works cost 42 million crowns")
    said = card.locator("p").nth(1).text_content() or ""
    assert passage.endswith(said.removeprefix("… ")), "the card begins at the answering sentence"
    answered.page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_opening_a_citation_ends_no_answer(answered: Reader, engine: OllamaServer) -> None:
    engine.delay = 0.2
    answered.ask("How many ships are expected every week?")
    answered.wait("writing")
    answered.sources.first.click()
    expect(answered.article).to_be_visible()
    expect(answered.last).to_have_attribute("data-state", "writing")
    engine.delay = 0
    answered.wait("answered")
    expect(answered.article).to_be_visible()
    answered.page.keyboard.press("Escape")
    expect(answered.article).to_have_count(0)


def test_with_the_keyboard_alone(reader: Reader) -> None:
    page = reader.page
    expect(reader.question).to_be_visible()
    _tab_to(reader, "TEXTAREA")
    page.keyboard.type(HARBOUR)
    page.keyboard.press("Enter")
    reader.wait("answered")
    _tab_to(reader, "BUTTON.by-chip")
    expect(reader.last.get_by_role("tooltip")).to_be_visible()
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid", "the focus can be seen"
    page.keyboard.press("Enter")
    expect(reader.article).to_be_visible()
    page.keyboard.press("Escape")
    expect(reader.article).to_have_count(0)
    expect(reader.chips.first).to_be_focused()
    expect(reader.last.get_by_role("tooltip")).to_be_hidden()


def test_shortcuts_go_to_citations_and_to_the_question(answered: Reader) -> None:
    page = answered.page
    page.mouse.click(600, 650)
    page.keyboard.press("Alt+ArrowDown")
    expect(answered.chips.first).to_be_focused()
    expect(answered.last.get_by_role("tooltip")).to_be_visible()
    page.keyboard.press("Shift+Escape")
    expect(answered.question).to_be_focused()
    page.keyboard.type("A question, ↑ and all")
    expect(answered.question).to_have_value("A question, ↑ and all")
    page.keyboard.press("Control+Shift+KeyO")
    expect(answered.exchanges).to_have_count(0)


def test_the_drawer_goes_to_the_next_citation_and_back(answered: Reader, app: RunningApp) -> None:
    numbers = sorted({int(n) for n in answered.chips.all_text_contents()})
    passages = {n: answered.passage(n) for n in numbers}
    answered.sources.nth(numbers[0] - 1).click()
    for n in numbers[1:]:
        answered.page.get_by_role("button", name="Next citation").click()
        expect(answered.article.get_by_text(f"Source {n}", exact=True)).to_be_visible()
        assert answered.highlighted() == passages[n]
    expect(answered.page.get_by_role("button", name="Next citation")).to_be_disabled()


def _tab_to(reader: Reader, element: str) -> None:
    """Press Tab until the focus is on the element ("TAG.class"); fails after one round."""
    tag, _, name = element.partition(".")
    for _ in range(40):
        reader.page.keyboard.press("Tab")
        focused = reader.page.evaluate("[document.activeElement.tagName, document.activeElement.className]")
        if focused[0] == tag and name in ("", *focused[1].split()):
            return
    raise AssertionError(f"{element} cannot be reached with the Tab key")


def test_a_phone_needs_no_scrolling_sideways(
    app: RunningApp, engine: OllamaServer, open_page: PageOpener
) -> None:
    engine.delay = 0
    reader = open_page(app.url, width=320, height=844)
    expect(reader.question).to_be_visible()
    reader.expect_to_fit()
    reader.ask_and_wait(HARBOUR)
    reader.expect_to_fit()
    reader.chips.first.click()
    expect(reader.article).to_be_visible()
    reader.expect_to_fit()


def test_nothing_of_streamlits_own_is_in_sight(reader: Reader) -> None:
    expect(reader.question).to_be_visible()
    for furniture in (
        "stToolbarActions",
        "stMainMenu",
        "stAppDeployButton",
        "stDecoration",
        "stStatusWidget",
    ):
        expect(reader.page.get_by_test_id(furniture)).to_be_hidden()


def test_the_conversation_stays_in_use_beside_the_drawer(answered: Reader) -> None:
    page = answered.page
    answered.chips.first.click()
    drawer = page.get_by_role("dialog", name="Sources")
    expect(answered.article.locator(".by-address")).to_contain_text(".md")
    left = drawer.bounding_box()["x"]
    for part in (answered.text, answered.question):
        box = part.bounding_box()
        assert box["x"] + box["width"] <= left, "nothing of the conversation lies behind it"
    answered.question.fill("How many ships are expected every week?")
    answered.question.press("Enter")
    expect(answered.exchanges).to_have_count(2)
    answered.wait("answered")
    expect(answered.article).to_be_visible()
    passage = answered.passage(int(answered.chips.first.text_content() or 0))
    answered.chips.first.click()
    assert answered.highlighted() == passage, "the citation of the other answer is shown instead"
    drawer.get_by_role("button", name="Close").click()
    expect(answered.article).to_have_count(0)
    expect(answered.chips.first).to_be_focused()


def test_what_was_found_and_not_used_can_be_seen_and_opened_with_why(answered: Reader) -> None:
    page = answered.page
    page.locator(".by-unused summary").click()
    left = page.locator(".by-unused .by-source").first
    expect(left).to_contain_text("of its words")
    words = left.locator(".by-excerpt").text_content() or ""
    left.click()
    expect(answered.article.get_by_text("Found, not used")).to_be_visible()
    marked = answered.highlighted()
    if words.startswith("… "):  # the excerpt begins at the answering sentence, the mark with the passage
        marked = "… " + marked[2 - len(words) :]
    assert marked == words
    page.reload()
    expect(page.locator(".by-unused summary")).to_contain_text("found and not used")


@pytest.fixture
def block(reader: Reader) -> Locator:
    """Below a French passage that was opened: where it is translated."""
    reader.ask_and_wait("Quand la bibliothèque de Montfleur ferme-t-elle ses portes ?")
    reader.sources.filter(has_text="La bibliothèque ferme").first.click()
    return reader.article.locator(".by-translation")


def test_a_passage_in_another_language_is_translated_stopped_and_kept(
    reader: Reader, engine: OllamaServer, block: Locator
) -> None:
    engine.delay = 0.3
    block.get_by_role("button", name="Translate this passage").click()
    expect(block).to_contain_text("quick:1b is translating into English")
    expect(block.locator(".by-translated")).to_be_visible()
    block.get_by_role("button", name="Stop").click()
    expect(block).to_contain_text("Stopped. The text so far is kept.")
    engine.delay = 0
    block.get_by_role("button", name="Translate this passage").click()
    expect(block).not_to_contain_text("Stopped")  # first: what was stopped says by whom it is, too
    expect(block).to_contain_text("Machine translation by quick:1b into English, not verified.")
    written = block.locator(".by-translated").inner_text()
    assert "Montfleur" in reader.highlighted(), "the original stands above it"
    reader.page.reload()
    reader.sources.filter(has_text="La bibliothèque ferme").first.click()
    expect(block.locator(".by-translated")).to_have_text(written, use_inner_text=True)


def test_what_a_translation_lacks_stands_under_its_sentence(
    reader: Reader, engine: OllamaServer, block: Locator
) -> None:
    block.get_by_role("button", name="Translate this passage").click()
    expect(block).to_contain_text("Figures, dates or names differ from the original: see the notes.")
    note = block.locator(".by-note").first
    expect(note).to_have_text("Missing from the translation: dix-huit mois.")
    expect(note).to_have_attribute("lang", "en")
    above = block.locator(".by-differs").first
    assert above.bounding_box()["y"] < note.bounding_box()["y"]


def test_a_translation_whose_first_word_takes_long_is_seen_when_it_comes(
    engine: OllamaServer, block: Locator
) -> None:
    engine.delay = 3  # several looks at nothing new
    block.get_by_role("button", name="Translate this passage").click()
    expect(block.locator(".by-translated")).to_be_visible()
    engine.delay = 0
    expect(block).to_contain_text("not verified.")


def test_the_marked_words_are_there_before_the_app_is_asked(answered: Reader) -> None:
    passage = answered.passage(int(answered.chips.first.text_content() or 0))
    shown = answered.chips.first.evaluate(
        "chip => { chip.click(); return document.querySelector('dialog[open] mark.by-cited').textContent; }"
    )
    assert shown and passage.startswith(shown)


def test_on_a_phone_the_drawer_is_over_the_page_and_holds_the_focus(
    app: RunningApp, engine: OllamaServer, open_page: PageOpener
) -> None:
    engine.delay = 0
    reader = open_page(app.url, width=390, height=844)
    reader.ask_and_wait(HARBOUR)
    reader.chips.first.click()
    box = reader.page.get_by_role("dialog", name="Sources").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    for _ in range(12):
        reader.page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert reader.page.evaluate(inside)
    reader.page.keyboard.press("Escape")
    expect(reader.article).to_have_count(0)
    expect(reader.chips.first).to_be_focused()
