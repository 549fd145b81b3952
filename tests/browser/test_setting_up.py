"""The first start, an empty library, a library that somebody else has open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from articles import ARTICLES, write
from opening import PageOpener
from playwright.sync_api import expect
from running import RunningApp

pytestmark = pytest.mark.browser

NOWHERE = "http://127.0.0.1:9/simple"
"""A package index that nobody serves: the network is away."""


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[RunningApp]:
    """The app on a machine without models, its sample library two small articles."""
    sample = write(tmp_path / "sample", ARTICLES)
    settings = {
        "BYLINE_MODELS": str(tmp_path / "models"),
        "BYLINE_CORPUS": str(sample),
        "PIP_INDEX_URL": NOWHERE,
        "PIP_RETRIES": "0",
    }
    with RunningApp(tmp_path / "data", **settings) as running:
        yield running


def test_without_models_the_page_says_what_is_missing_and_what_went_wrong(
    bare: RunningApp, open_page: PageOpener
) -> None:
    page = open_page(bare.url).page
    expect(page.get_by_role("heading", name="Before the first question")).to_be_visible()
    missing = page.get_by_role("complementary")
    expect(missing).to_contain_text("multilingual-e5-small")
    expect(missing).to_contain_text("GB")
    page.get_by_role("button", name="Download and set up").click()
    expect(page.get_by_text("The action failed.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.model
def test_once_the_models_are_there_it_indexes_the_sample_and_the_chat_opens(
    bare: RunningApp, models: Path, open_page: PageOpener, tmp_path: Path
) -> None:
    page = open_page(bare.url).page
    expect(page.get_by_role("button", name="Download and set up")).to_be_visible()
    (tmp_path / "models").mkdir(exist_ok=True)
    for model in models.iterdir():
        (tmp_path / "models" / model.name).symlink_to(model)
    page.get_by_role("button", name="Download and set up").click()
    expect(page.get_by_text("3 articles in")).to_be_visible(timeout=120_000)


@pytest.mark.model
def test_an_empty_library_says_how_to_fill_it_and_offers_the_sample(
    models: Path, open_page: PageOpener, tmp_path: Path
) -> None:
    sample = write(tmp_path / "sample", ARTICLES)
    with RunningApp(tmp_path / "data", BYLINE_CORPUS=str(sample)) as running:
        page = open_page(running.url).page
        expect(page.get_by_role("heading", name="No articles yet")).to_be_visible(timeout=30_000)
        expect(page.get_by_role("button", name="Upload", exact=True)).to_be_visible()
        page.get_by_role("button", name="Index the sample library").click()
        expect(page.get_by_text("3 articles in")).to_be_visible(timeout=120_000)


@pytest.mark.model
def test_a_library_that_is_open_elsewhere_is_one_calm_message(app: RunningApp, open_page: PageOpener) -> None:
    expect(open_page(app.url).question).to_be_visible()
    with RunningApp(app.data) as second:
        page = open_page(second.url).page
        expect(page.get_by_role("heading", name="The library cannot be opened")).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="The library cannot be opened")).to_be_visible()
