"""The page with the model that comes with Byline."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from opening import PageOpener
from playwright.sync_api import expect
from running import RunningApp

from rag.settings import DEFAULT_MODEL

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_the_embedded_model_answers(indexed: Path, open_page: PageOpener, tmp_path: Path) -> None:
    data = shutil.copytree(indexed, tmp_path / "data")
    with RunningApp(data, OLLAMA_HOST="127.0.0.1:9", BYLINE_MODEL=DEFAULT_MODEL) as app:
        reader = open_page(app.url)
        reader.ask("What did the works in the harbour of Kestrel Bay cost?")
        expect(reader.sources.first).to_be_visible()
        ends = re.compile("answered|unconfirmed|not_found")
        expect(reader.last).to_have_attribute("data-state", ends, timeout=120_000)
        expect(reader.last.locator(".by-footer")).to_contain_text(DEFAULT_MODEL)
        expect(reader.last.locator(".by-footer")).to_contain_text("first word after")
