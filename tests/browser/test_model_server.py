"""A model of an OpenAI-compatible server: picked, asked, stopped, and told when its server goes away."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from chat_models import ChatModel
from chat_server import ChatServer
from opening import PageOpener
from playwright.sync_api import expect
from running import RunningApp

pytestmark = [pytest.mark.browser, pytest.mark.model]

COST = "What did the works in the harbour of Kestrel Bay cost?"


def test_its_model_is_picked_asked_and_stopped_and_a_lost_server_is_reported(
    indexed: Path, open_page: PageOpener, tmp_path: Path
) -> None:
    data = shutil.copytree(indexed, tmp_path / "data")
    models = [ChatModel("big", engine="vllm", context=40_960, thinks="reasoning")]
    with (
        ChatServer(models, key="sk-right") as server,
        RunningApp(
            data, BYLINE_OPENAI_URL=server.url, BYLINE_OPENAI_KEY="sk-right", OLLAMA_HOST="127.0.0.1:9"
        ) as app,
    ):
        reader = open_page(app.url)
        reader.page.locator(".st-key-picker button").click()
        described = f"server {server.host} · 40,960 tokens"
        expect(reader.page.get_by_test_id("stPopoverBody")).to_contain_text(re.compile(_spaced(described)))
        reader.page.keyboard.press("Escape")
        reader.pick_model("big")
        reader.ask_and_wait(COST)
        expect(reader.text).to_contain_text("42 million crowns")
        expect(reader.last.get_by_text("The model's reasoning")).to_be_visible()
        server.queue_s = 30
        reader.ask("How many ships are expected every week in the harbour of Kestrel Bay?")
        reader.wait("reading")
        reader.page.get_by_role("button", name="Stop this answer").click()
        reader.wait("stopped")
        assert server.hung_up.wait(10), "the server goes on writing for nobody"
        server.queue_s, server.delay = 0, 0.2
        reader.ask(f"{COST} In crowns?")
        reader.wait("writing")
        server.stop()
        reader.wait("failed")
        lost = f"The connection to the model server at {server.url} was lost."
        expect(reader.last).to_contain_text(re.compile(_spaced(lost)))
        assert reader.text.inner_text()
        reader.page.wait_for_timeout(10_000)  # the list of models is asked for again
        reader.page.get_by_role("link", name="Articles", exact=True).click()
        reader.page.get_by_role("link", name="Ask", exact=True).click()
        expect(reader.page.get_by_text("big is not available now")).to_be_visible()


def _spaced(text: str) -> str:
    """A pattern for a text in which word joiners keep Markdown from reading names."""
    return "\u2060?".join(re.escape(character) for character in text)
