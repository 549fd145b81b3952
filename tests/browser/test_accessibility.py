"""No serious finding of axe-core (https://github.com/dequelabs/axe-core) on any page, light or dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from ollama_server import OllamaServer
from opening import PageOpener
from playwright.sync_api import Page, expect
from running import RunningApp

pytestmark = [pytest.mark.browser, pytest.mark.model]

GRAVE = {"serious", "critical"}


def findings(page: Page) -> list[str]:
    """What axe-core holds against the page: each rule with what to mend."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['failureSummary'] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_conversation_and_its_article(
    app: RunningApp, engine: OllamaServer, open_page: PageOpener, dark: bool
) -> None:
    engine.delay = 0
    reader = open_page(app.url, dark=dark)
    expect(reader.page.get_by_role("heading", name="What do your articles say?")).to_be_visible()
    assert findings(reader.page) == []
    reader.ask_and_wait("What did the works in the harbour of Kestrel Bay cost?")
    assert findings(reader.page) == []
    reader.sources.first.click()
    expect(reader.article).to_be_visible()
    assert findings(reader.page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["articles", "add", "models"])
def test_the_other_pages(app: RunningApp, open_page: PageOpener, path: str, dark: bool) -> None:
    page = open_page(f"{app.url}/{path}", dark=dark).page
    expect(page.get_by_role("heading").first).to_be_visible()
    page.wait_for_timeout(1_000)  # charts and tables are drawn after the heading
    assert findings(page) == []
