"""Asking, and what becomes of an answer."""

from __future__ import annotations

import re

import pytest
from ollama_server import OllamaServer
from opening import PageOpener
from playwright.sync_api import expect
from reader import Reader
from running import RunningApp

pytestmark = [pytest.mark.browser, pytest.mark.model]

HARBOUR = "What did the works in the harbour of Kestrel Bay cost?"
ENTER_AND_PICK = """([name, ms]) => {
  const labels = [...document.querySelectorAll("[data-testid=stPopoverBody] label")];
  const model = labels.find((label) => label.textContent.includes(name));
  const enter = new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, bubbles: true });
  document.querySelector("[data-testid=stChatInput] textarea").dispatchEvent(enter);
  setTimeout(() => model.click(), ms);
}"""
"""Enter in the bar, and so many milliseconds later a click on a model."""


def test_the_page_says_what_it_knows(reader: Reader) -> None:
    expect(reader.page.get_by_text(re.compile("3 articles in .*French"))).to_be_visible()
    expect(reader.page.get_by_text(re.compile(r"updated \d+ \w+ \d{4}"))).to_be_visible()
    expect(reader.page.get_by_role("complementary").get_by_text("Vietnamese")).to_be_visible()


def test_passages_come_before_words_then_an_answer_with_citations(
    reader: Reader, engine: OllamaServer
) -> None:
    engine.delay = 5
    reader.ask(HARBOUR)
    expect(reader.sources.first).to_be_visible()
    assert reader.text.inner_text() == "", "the passages stand there before the first word"
    expect(reader.last.get_by_role("status")).to_have_text("Reading the passages")
    reader.wait("writing")
    engine.delay = 0
    reader.wait("answered")
    assert reader.chips.count() > 0
    number = reader.chips.first.text_content()
    title = reader.sources.nth(int(number or 0) - 1).locator(".by-source-title").text_content()
    expect(reader.chips.first).to_have_accessible_name(f"Source {number}: {title}")
    expect(reader.last.get_by_text("quick:1b")).to_be_visible()


def test_a_long_question_and_a_low_window_leave_room_for_the_answer(reader: Reader) -> None:
    reader.ask(" ".join([HARBOUR] * 70))
    question, whole = reader.last.locator(".by-question"), reader.page.get_by_text("Show the whole question")
    expect(whole).to_be_visible()
    short = question.bounding_box()["height"]
    whole.click()
    expect(whole).to_be_hidden()
    assert short < 150 < question.bounding_box()["height"]
    reader.page.set_viewport_size({"width": 640, "height": 400})  # 1280 by 800, zoomed to 200 %
    low = "() => document.querySelector('[data-testid=stBottom]').getBoundingClientRect().height < 100"
    reader.page.wait_for_function(low)
    reader.expect_to_fit()


def test_stopping_keeps_what_was_written(reader: Reader, engine: OllamaServer) -> None:
    engine.delay = 0.25
    reader.ask(HARBOUR)
    reader.wait("writing")
    reader.page.get_by_role("button", name="Stop this answer").click()
    reader.wait("stopped")
    engine.delay = 0
    kept = reader.text.inner_text()
    assert kept
    expect(reader.last.get_by_text("Stopped. The text so far is kept.")).to_be_visible()
    expect(reader.page.get_by_role("button", name="Stop this answer")).to_have_count(0)
    reader.page.reload()
    expect(reader.text).to_have_text(kept, use_inner_text=True)


def test_an_answer_outlives_a_refresh_and_shows_in_a_second_tab(
    reader: Reader, engine: OllamaServer, open_page: PageOpener
) -> None:
    engine.delay = 0.25
    reader.ask(HARBOUR)
    reader.wait("writing")
    engine.delay = 3
    reader.page.reload()
    second = open_page(reader.page.url)
    for tab in (reader, second):
        expect(tab.last).to_have_attribute("data-state", "writing")
    engine.delay = 0
    for tab in (reader, second):
        tab.wait("answered")
    assert reader.text.inner_text() == second.text.inner_text() != ""


def test_switching_the_model_keeps_the_conversation_and_ends_no_answer(
    reader: Reader, engine: OllamaServer
) -> None:
    engine.delay = 0.2
    reader.ask(HARBOUR)
    reader.wait("writing")
    reader.pick_model("other:3b")
    expect(reader.last).to_have_attribute("data-state", "writing")
    engine.delay = 0
    reader.wait("answered")
    expect(reader.last.get_by_text("quick:1b")).to_be_visible()
    reader.ask_and_wait("How many ships are expected every week?")
    expect(reader.exchanges).to_have_count(2)
    expect(reader.last.get_by_text("other:3b")).to_be_visible()


def test_no_question_is_lost_where_another_model_is_picked_in_the_same_moment(reader: Reader) -> None:
    reader.ask_and_wait(HARBOUR)
    for later, name in enumerate(("other:3b", "quick:1b") * 3):
        question = f"How many ships are expected in week {later}?"
        reader.page.locator(".st-key-picker button").click()
        reader.page.get_by_role("radio", name=name).wait_for(state="attached")
        reader.question.fill(question)
        reader.page.evaluate(ENTER_AND_PICK, [name, 2**later - 1])
        reader.page.keyboard.press("Escape")
        expect(reader.last.get_by_role("heading", level=2)).to_have_text(question)
        expect(reader.page.locator(".st-key-stop")).to_have_count(0, timeout=90_000)  # on a busy machine
    expect(reader.exchanges).to_have_count(7)  # each once


def test_what_is_being_typed_outlives_the_end_of_an_answer(reader: Reader, engine: OllamaServer) -> None:
    engine.delay = 0.2
    reader.ask(HARBOUR)
    reader.wait("writing")
    reader.question.press_sequentially("And how many ")
    engine.delay = 0
    reader.wait("answered")
    expect(reader.page.get_by_role("button", name="Stop this answer")).to_have_count(0)
    reader.page.keyboard.type("ships?")
    expect(reader.question).to_have_value("And how many ships?")


def test_the_picker_tells_size_quantisation_and_place(reader: Reader) -> None:
    reader.page.locator(".st-key-picker button").click()
    picker = reader.page.get_by_test_id("stPopoverBody")
    expect(picker.get_by_text("Ollama · 3.34 GB · Q4_K_M · 32,768 tokens")).to_be_visible()
    expect(picker.get_by_text("in this app").first).to_be_visible()


def test_a_first_question_says_that_the_model_is_loaded(reader: Reader, engine: OllamaServer) -> None:
    engine.loaded.pop("other:3b", None)
    reader.pick_model("other:3b")
    engine.models["other:3b"].load_s = 6
    reader.ask(HARBOUR)
    reader.wait("loading")
    status = reader.last.get_by_role("status")
    expect(status).to_have_text("Loading the model into memory")
    expect(status).to_have_attribute("data-elapsed", re.compile(r"\d+ s"))
    reader.wait("answered")
    engine.models["other:3b"].load_s = 0
    reader.page.wait_for_timeout(10_000)  # the list of models is asked for again
    reader.page.reload()
    reader.page.locator(".st-key-picker button").click()
    there = reader.page.get_by_test_id("stPopoverBody").get_by_text(
        "3.34 GB · Q4_K_M · 32,768 tokens · loaded"
    )
    expect(there).to_be_visible()


def test_a_model_that_fails_is_reported_and_the_next_question_works(reader: Reader) -> None:
    reader.pick_model("fault-error:1b")
    reader.ask_and_wait(HARBOUR, "failed")
    expect(reader.last.get_by_text("No complete answer")).to_be_visible()
    expect(reader.text).not_to_be_empty()
    reader.pick_model("quick:1b")
    reader.ask_and_wait("How many ships are expected every week?")


def test_a_library_of_ones_own_gets_no_example_that_was_not_tried(reader: Reader) -> None:
    expect(reader.page.get_by_role("heading", name="What do your articles say?")).to_be_visible()
    expect(reader.page.locator("[class*=st-key-example-] button")).to_have_count(0)


def test_what_the_articles_do_not_hold_is_said_kindly(reader: Reader) -> None:
    reader.pick_model("off:1b")
    reader.ask_and_wait("What did the works in the harbour of Kestrel Bay weigh?", "unconfirmed")
    expect(reader.last.get_by_role("heading", name="I could not confirm an answer")).to_be_visible()
    expect(reader.last.locator(".by-quote").first).to_be_visible()
    expect(reader.text).to_be_empty()
    written = reader.last.locator(".by-apart")
    expect(written.get_by_text("Bananas")).to_be_hidden()
    written.locator("summary").click()
    expect(written.get_by_text("Bananas")).to_be_visible()


def test_quotations_stand_above_the_draft_and_below_the_answer(reader: Reader, engine: OllamaServer) -> None:
    engine.delay = 0.25
    reader.ask(HARBOUR)
    quote = reader.last.locator(".by-quote").first
    expect(quote).to_be_visible()
    expect(quote.locator("strong").first).to_be_visible()
    reader.wait("writing")
    assert quote.bounding_box()["y"] < reader.text.bounding_box()["y"]
    engine.delay = 0
    reader.wait("answered")
    assert quote.bounding_box()["y"] > reader.text.bounding_box()["y"]
    quote.locator(".by-chip").click()
    expect(reader.article).to_be_visible()


def test_nothing_close_is_said_so(reader: Reader) -> None:
    reader.ask_and_wait("zzz qqq xxx", "not_found")
    expect(reader.last.get_by_role("heading", name="Nothing close to this was found")).to_be_visible()


def test_a_greeting_offers_questions_and_a_click_asks_one_about_the_library(reader: Reader) -> None:
    reader.ask_and_wait("hello")
    expect(reader.text).to_contain_text("Ask what your 3 articles say")
    reader.last.get_by_role("button", name="Which are the latest articles?").click()
    expect(reader.exchanges).to_have_count(2)
    expect(reader.last.get_by_role("heading", level=2)).to_have_text("Which are the latest articles?")
    reader.wait("answered")
    expect(reader.text).to_contain_text("The library has 3 articles.")
    expect(reader.last.get_by_text("from the list of articles, without a model")).to_be_visible()
    expect(reader.chips).to_have_count(3)
    title = reader.sources.first.locator(".by-source-title").text_content()
    reader.chips.first.click()
    expect(reader.article.get_by_role("heading", name=title or "")).to_be_visible()
    reader.page.reload()
    expect(reader.text).to_contain_text("The library has 3 articles.")


def test_a_new_conversation_begins_empty_and_the_old_one_keeps_its_address(reader: Reader) -> None:
    reader.ask_and_wait(HARBOUR)
    old = reader.page.url
    reader.page.locator(".st-key-masthead").get_by_role("button", name="New conversation").click()
    expect(reader.page.get_by_role("heading", name="What do your articles say?")).to_be_visible()
    expect(reader.exchanges).to_have_count(0)
    reader.page.goto(old)
    expect(reader.exchanges).to_have_count(1)


def test_a_conversation_that_is_gone_says_so(app: RunningApp, open_page: PageOpener) -> None:
    reader = open_page(f"{app.url}/?chat=long-ago")
    expect(reader.page.get_by_text("This conversation does not exist")).to_be_visible()
    reader.ask_and_wait(HARBOUR)


def test_an_answer_in_the_language_of_the_question_is_marked_as_such(reader: Reader) -> None:
    reader.ask_and_wait("Quand la bibliothèque de Montfleur ferme-t-elle ses portes ?")
    expect(reader.text).to_have_attribute("lang", "fr")
