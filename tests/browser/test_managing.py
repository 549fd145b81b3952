"""The page of models: what there is, fetching with progress, cancelling, faults, deleting after a question."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import gguf
from ollama_models import ServedModel, pulled
from ollama_server import OllamaServer
from opening import PageOpener
from playwright.sync_api import Locator, Page, expect
from running import RunningApp

from rag.settings import DEFAULT_EMBEDDER

pytestmark = [pytest.mark.browser, pytest.mark.model]

HUGE = 43_338_801_804_000
"""More than any machine's memory, in bytes."""


def served() -> list[ServedModel]:
    return [
        ServedModel("quick:1b", licence="MIT License\n\nCopyright"),
        ServedModel("huge:70t", size=HUGE, quantisation="Q8_0"),
    ]


@pytest.fixture(scope="module")
def running_server() -> Iterator[OllamaServer]:
    with OllamaServer(served()) as running:
        yield running


@pytest.fixture(scope="module")
def data(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(indexed, tmp_path_factory.mktemp("managing") / "data"))


@pytest.fixture(scope="module")
def kept(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder of its own; language models come into it for each test."""
    folder = tmp_path_factory.mktemp("models")
    (folder / DEFAULT_EMBEDDER).symlink_to(models / DEFAULT_EMBEDDER)
    return folder


@pytest.fixture(scope="module")
def settings(kept: Path, running_server: OllamaServer) -> dict[str, str]:
    return {"OLLAMA_HOST": running_server.host, "BYLINE_MODEL": "quick:1b", "BYLINE_MODELS": str(kept)}


@pytest.fixture(scope="module")
def app(data: Path, settings: dict[str, str]) -> Iterator[RunningApp]:
    with RunningApp(data, **settings) as running:
        yield running


@pytest.fixture
def server(running_server: OllamaServer, kept: Path) -> OllamaServer:
    """The server and the folder as they are before each test: two models each."""
    running_server.models = {model.name: model for model in served()}
    running_server.loaded = {"quick:1b": 4096}
    running_server.delay, running_server.pull_fault = 0, ""
    running_server.requests.clear()
    running_server.hung_up.clear()
    for name in ("amber", "birch"):
        gguf(kept, name)
    return running_server


@pytest.fixture
def page(app: RunningApp, server: OllamaServer, open_page: PageOpener) -> Page:
    opened = open_page(f"{app.url}/models").page
    expect(row(opened, "quick:1b")).to_be_visible(timeout=60_000)
    return opened


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def pull(page: Page, name: str) -> None:
    page.get_by_label("Download by name").fill(name)
    page.keyboard.press("Enter")


def delete(page: Page, name: str) -> Locator:
    page.get_by_label(f"Select {name}").check()
    page.locator(".by-list-action").filter(has_text="Delete").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text(name)
    return asked


def test_every_model_is_reported_with_where_it_runs_and_what_it_takes(page: Page) -> None:
    quick = row(page, "quick:1b")
    for part in ("Ollama", "986 MB", "Q4_K_M", "32,768 tokens", "loaded", "MIT License"):
        expect(quick).to_contain_text(part)
    expect(row(page, "amber")).to_contain_text("in this app")
    expect(row(page, "huge:70t").locator(".doubt")).to_have_text(re.compile("about .* GB, only .* free"))


def test_a_model_is_pulled_with_progress_that_survives_a_reload(page: Page, server: OllamaServer) -> None:
    server.pulls, server.delay = pulled(steps=60), 0.2
    pull(page, "fresh:1b")
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(page.get_by_text(re.compile(r"fresh:1b · [\d.]+ MB / 986 MB"))).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile(r"fresh:1b · [\d.]+ MB / 986 MB"))).to_be_visible()
    server.delay = 0
    expect(page.get_by_text("fresh:1b is ready. You can choose it below the question.")).to_be_visible()
    expect(row(page, "fresh:1b")).to_be_visible()
    page.get_by_role("link", name="Ask").click()
    page.locator(".st-key-picker button").click()
    expect(page.get_by_role("radio", name="fresh:1b")).to_be_attached()


def test_a_pull_is_cancelled_and_what_came_is_kept(page: Page, server: OllamaServer) -> None:
    server.pulls, server.delay = pulled(steps=500), 0.1
    pull(page, "fresh:1b")
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("already downloaded is kept: download it again")).to_be_visible()
    assert server.hung_up.wait(5)
    expect(row(page, "fresh:1b")).to_have_count(0)
    expect(page.get_by_label("Download by name")).to_be_visible()


def test_a_model_that_will_not_fit_is_reported_while_it_comes(page: Page, server: OllamaServer) -> None:
    server.pulls, server.delay = pulled(HUGE, 500), 0.1
    pull(page, "fresh:1b")
    expect(page.get_by_text("it may fail to load, or be very slow")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("was cancelled")).to_be_visible()


def test_what_goes_wrong_says_what_happened_and_what_to_do(page: Page, server: OllamaServer) -> None:
    server.pulls, server.pull_fault = pulled(), "hangup"
    pull(page, "fresh:1b")
    expect(page.get_by_text(re.compile(r"Download (fresh:1b|it) again to resume"))).to_be_visible()
    server.pull_fault = ""
    server.pulls = [*pulled()[:4], {"error": "write /models/blobs/x-partial: no space left on device"}]
    pull(page, "fresh:1b")
    expect(page.get_by_text("Free some space, then download fresh:1b again")).to_be_visible()
    server.pulls = [{"status": "pulling manifest"}, {"error": "pull model manifest: file does not exist"}]
    pull(page, "nope:1b")
    expect(page.get_by_text("Check the name.")).to_be_visible()
    pull(page, "../../etc/passwd")
    expect(page.get_by_text("is not a model that can be downloaded")).to_be_visible()
    assert [body["model"] for body in server.sent("/api/pull")] == ["fresh:1b", "fresh:1b", "nope:1b"]
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_models_are_deleted_only_after_a_question(page: Page, server: OllamaServer, kept: Path) -> None:
    delete(page, "amber").get_by_role("button", name="Keep").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert (kept / "amber.gguf").is_file()
    page.get_by_label("Select amber").uncheck()
    delete(page, "birch").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“birch” was deleted.")).to_be_visible()
    expect(row(page, "birch")).to_have_count(0)
    assert [file.name for file in kept.glob("*.gguf")] == ["amber.gguf"]


def test_the_model_in_use_can_be_deleted_and_another_takes_its_place(
    page: Page, server: OllamaServer
) -> None:
    asked = delete(page, "quick:1b")
    expect(asked).to_contain_text("This is the default model")
    asked.get_by_role("button", name="Delete").click()
    expect(row(page, "quick:1b")).to_have_count(0)
    assert "quick:1b" not in server.models
    page.get_by_role("link", name="Ask").click()
    expect(page.locator(".st-key-picker button").first).to_contain_text("amber")


def test_a_model_that_is_gone_already_is_reported(page: Page, server: OllamaServer) -> None:
    asked = delete(page, "huge:70t")
    del server.models["huge:70t"]
    asked.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(re.compile('no model "?huge:70t'))).to_be_visible()


def test_without_permission_there_is_nothing_to_click(
    settings: dict[str, str], server: OllamaServer, open_page: PageOpener, tmp_path: Path
) -> None:
    with RunningApp(tmp_path / "data", **settings, BYLINE_MANAGE_MODELS="false") as running:
        page = open_page(f"{running.url}/models").page
        expect(row(page, "quick:1b")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Models cannot be downloaded or deleted here")).to_be_visible()
        expect(page.get_by_role("checkbox")).to_have_count(0)
        expect(page.get_by_role("button", name="Download")).to_have_count(0)


def test_it_fits_a_phone(app: RunningApp, server: OllamaServer, open_page: PageOpener) -> None:
    reader = open_page(f"{app.url}/models", width=390, height=844)
    expect(row(reader.page, "quick:1b")).to_be_visible(timeout=60_000)
    reader.expect_to_fit()
