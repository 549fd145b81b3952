"""The interface speaks the browser's language, or the one that was picked."""

from __future__ import annotations

from contextlib import suppress

import pytest
from opening import PageOpener
from playwright.sync_api import Page, expect
from running import RunningApp

from rag.locales.catalogue import LOCALES
from rag.ui import formatting
from rag.ui.strings import strings

pytestmark = pytest.mark.browser


def expect_language(page: Page, language: str) -> None:
    s = strings(language)
    expect(page.get_by_role("heading", name=s.page.welcome)).to_be_visible()
    expect(page.get_by_placeholder(s.page.ask_label)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)


def pick(page: Page, language: str) -> None:
    """Pick a language on a French page; once more where the page was drawn anew at that moment."""
    box = page.get_by_role("combobox", name=strings("fr").navigation.interface_language)
    expect(box).to_be_in_viewport(ratio=1)  # however many conversations there are: else its list shuts
    for _ in range(3):
        box.fill(formatting.own_name(language))
        box.press("Enter")
        with suppress(AssertionError):
            expect(page.locator("html")).to_have_attribute("lang", language, timeout=15_000)
            return


@pytest.mark.parametrize("locale", ["fr-CA", "zh-CN", "vi-VN", "ru-RU", "pt-BR"])
def test_the_browsers_language_counts(app: RunningApp, open_page: PageOpener, locale: str) -> None:
    language = locale[:2] if locale[:2] in LOCALES else "en"
    reader = open_page(app.url, locale=locale)
    expect_language(reader.page, language)
    reader.expect_to_fit()


def test_another_language_can_be_picked_and_is_kept(app: RunningApp, open_page: PageOpener) -> None:
    page = open_page(app.url, locale="fr-FR").page
    expect_language(page, "fr")
    pick(page, "ru")
    expect_language(page, "ru")
    page.reload()
    expect_language(page, "ru")


def test_streamlits_own_labels_are_in_the_language_too(app: RunningApp, open_page: PageOpener) -> None:
    page = open_page(f"{app.url}/add", locale="fr-FR").page
    labels = dict(zip(strings("en").streamlit.labels, strings("fr").streamlit.labels, strict=True))
    drop = page.get_by_test_id("stFileUploader")
    expect(drop).to_contain_text(labels["Upload"], timeout=60_000)
    expect(drop).to_contain_text("10 Mo par fichier")
    expect(page.get_by_label(labels["Collapse sidebar"])).to_be_attached()
    expect(page.get_by_label("Collapse sidebar")).to_have_count(0)
    pick(page, "vi")
    expect(drop).to_contain_text(
        strings("vi").streamlit.labels[strings("en").streamlit.labels.index("Upload")]
    )
    expect(page.get_by_test_id("stSkipToContent")).to_have_text(strings("vi").streamlit.labels[0])
