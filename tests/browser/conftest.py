"""A Chromium, the real app on a small library, and an engine that writes what a test wants.

Every test of a page also asserts that the page asked nobody but this machine for anything.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from articles import ARTICLES, write
from ollama_server import OllamaServer, ServedModel
from opening import PageOpener
from playwright.sync_api import Browser, expect, sync_playwright
from reader import Reader
from running import RunningApp, ingest

from rag.service.setup import missing_models
from rag.settings import Settings

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first on the PATH is used; the shell draws no window and takes half the time of the others."""
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the app logged, where a test fails."""
    report = yield
    running = getattr(item, "funcargs", {}).get("app")
    if report.failed and isinstance(running, RunningApp):
        report.sections.append(("The app's log", running.log.read_text("utf-8", "replace")[-6_000:]))
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(f"no Chromium on the PATH ({', '.join(BROWSERS)})")
    with sync_playwright() as playwright:
        expect.set_options(timeout=30_000)  # two busy cores, not the page's own pace
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder with the default models."""
    settings = Settings.load()
    if missing_models(settings):
        pytest.skip("the default models are not here; fetch them: python -m rag setup")
    return settings.models


@pytest.fixture(scope="session")
def engine() -> Iterator[OllamaServer]:
    """An Ollama server with quick models; a test may slow it down."""
    with OllamaServer(
        [
            ServedModel("quick:1b"),
            ServedModel("other:3b", size=3_338_801_804),
            ServedModel("off:1b", reply="Bananas are yellow and grow in bunches."),
            ServedModel("fault-error:1b", fault="error"),
        ]
    ) as server:
        server.loaded = {"quick:1b": 4096}
        yield server


@pytest.fixture(scope="session")
def indexed(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three articles, for tests to copy."""
    folder = tmp_path_factory.mktemp("indexed")
    ingest(write(folder / "articles", ARTICLES), folder / "data")
    return folder / "data"


@pytest.fixture(scope="session")
def app(
    indexed: Path, engine: OllamaServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningApp]:
    """The app on three articles, answering through the quick engine."""
    data = tmp_path_factory.mktemp("byline") / "data"
    with RunningApp(
        shutil.copytree(indexed, data), OLLAMA_HOST=engine.host, BYLINE_MODEL="quick:1b"
    ) as running:
        yield running


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[PageOpener]:
    """Opens pages, each like a new visitor's, and watches what they ask the network for."""
    opener = PageOpener(chromium)
    yield opener
    opener.close()
    assert opener.strangers == [], "the page asked another machine"
    assert opener.failures() == [], "the page's scripts failed"


@pytest.fixture
def reader(app: RunningApp, engine: OllamaServer, open_page: PageOpener) -> Iterator[Reader]:
    """A reader at a desktop, on a new conversation."""
    engine.delay = 0
    yield open_page(app.url)
    engine.delay = 0
