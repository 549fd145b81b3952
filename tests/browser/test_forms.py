"""The form of an answer: short, dossier, timeline."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_a_broad_question_is_answered_with_quotations_and_the_form_can_be_changed(reader: Reader) -> None:
    reader.ask_and_wait("Summarise what the articles say about the harbour of Kestrel Bay")
    expect(reader.text).to_contain_text(
        "“The harbour of Kestrel Bay opened again on Monday after three years"
    )
    expect(reader.last).to_contain_text("quoted from the articles, without a model")
    dossier = reader.last.get_by_role("button", name="Dossier")
    expect(dossier).to_have_attribute("aria-pressed", "true")
    reader.chips.first.click()
    expect(reader.article.get_by_role("heading", level=2)).to_have_text("The harbour opens again")
    reader.page.keyboard.press("Escape")

    reader.last.get_by_role("button", name="Short answer").click()
    expect(reader.last).to_contain_text("quick:1b")
    expect(reader.last.get_by_role("button", name="Short answer")).to_have_attribute("aria-pressed", "true")
    expect(reader.last.get_by_text("2 of 2")).to_be_visible()


def test_a_short_answer_becomes_a_timeline(reader: Reader) -> None:
    reader.ask_and_wait("When does the library of Montfleur close, and when did Kestrel Bay's harbour open?")
    reader.last.get_by_role("button", name="Dossier").click()
    expect(reader.last.get_by_role("button", name="Dossier")).to_have_attribute("aria-pressed", "true")
    reader.wait("answered")
    expect(reader.chips.first).to_be_visible()
