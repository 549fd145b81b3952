"""People sign in with a real OpenID provider, in a real browser, and each sees their part of the library.

The provider is npm's oidc-provider: `npm install --prefix DIR oidc-provider`, with DIR in BYLINE_TEST_NODE.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from naming_proxy import NamingProxy
from ollama_server import OllamaServer
from opening import OPENING
from playwright.sync_api import Browser, Page, expect
from running import RunningApp, free_port

from rag.types import article_id

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.model]
SECRETS = """
[auth]
redirect_uri = "{redirect}"
cookie_secret = "signs the cookies of this test"
client_id = "byline"
client_secret = "known-to-both"
server_metadata_url = "http://localhost:{port}/.well-known/openid-configuration"
client_kwargs = {{ prompt = "login" }}
"""


@pytest.fixture(scope="module")
def provider() -> Path:
    """The provider's entry point."""
    pytest.importorskip("authlib")
    entry = Path(os.environ.get("BYLINE_TEST_NODE", ""), "node_modules/oidc-provider/lib/index.js").absolute()
    if not shutil.which("node"):
        pytest.skip("node is not on the PATH")
    if not entry.exists():
        pytest.skip("BYLINE_TEST_NODE names no folder with the npm package oidc-provider")
    return entry


def restricted(indexed: Path, data: Path) -> Path:
    """A copy of a data folder in which the harbour is for the desk alone."""
    shutil.copytree(indexed, data)
    with closing(sqlite3.connect(data / "library.sqlite")) as db, db:
        (harbour,) = db.execute("SELECT source FROM articles WHERE source LIKE '%harbour%'").fetchone()
        db.execute("INSERT INTO collections VALUES ('Desk', 'desk')")
        db.execute("INSERT INTO collected VALUES ('Desk', ?)", (article_id(harbour),))
        db.execute("INSERT INTO collection_groups VALUES ('Desk', 'desk')")
    return data


@pytest.fixture(scope="module")
def newsroom(
    provider: Path, indexed: Path, engine: OllamaServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningApp]:
    """The app with its provider; the harbour is for the desk alone."""
    folder, port = tmp_path_factory.mktemp("newsroom"), free_port()
    app = RunningApp(
        restricted(indexed, folder / "data"),
        BYLINE_SIGN_IN="oidc",
        BYLINE_EDITORS="desk",
        STREAMLIT_SECRETS_FILES=str(folder / "secrets.toml"),
        OLLAMA_HOST=engine.host,
        BYLINE_MODEL="quick:1b",
    )
    app.url = f"http://localhost:{app.port}"
    redirect = f"{app.url}/oauth2callback"
    (folder / "secrets.toml").write_text(SECRETS.format(redirect=redirect, port=port), encoding="utf-8")
    script = Path(__file__).with_name("oidc_provider.mjs")
    command = ["node", str(script), provider.as_uri(), str(port), redirect]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        try:
            assert running.stdout and "ready" in running.stdout.readline()
            with app:
                yield app
        finally:
            running.terminate()


VISITOR = "This library is for people who have signed in."


@pytest.fixture
def visit(newsroom: RunningApp, chromium: Browser) -> Iterator[Callable[[], Page]]:
    """Opens the app, each time like a new visitor. The provider's own pages ask others for fonts, in vain."""
    with ExitStack() as contexts:

        def opened() -> Page:
            context = contexts.enter_context(chromium.new_context(locale="en-GB"))
            context.route(lambda url: "//localhost" not in url, lambda route: route.abort())
            page = context.new_page()
            page.goto(newsroom.url)
            return page

        yield opened


def sign_in(page: Page, name: str) -> None:
    """Sign in at the provider, whose second page asks for consent."""
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()


def test_everybody_signs_in_and_sees_their_part_of_the_library(
    newsroom: RunningApp, visit: Callable[[], Page]
) -> None:
    links = [".st-key-page-links", ".st-key-question", ".by-table"]
    for name, articles, adds in (("ada", "3 articles", 1), ("ben", "2 articles", 0)):
        page = visit()
        expect(page.get_by_text(VISITOR)).to_be_visible(timeout=OPENING)
        assert [page.locator(part).count() for part in links] == [0, 0, 0]
        sign_in(page, name)
        expect(page.get_by_text(f"Signed in: {name}")).to_be_visible(timeout=60_000)
        expect(page.get_by_text(articles).first).to_be_visible(timeout=60_000)
        expect(page.get_by_role("link", name="Add articles")).to_have_count(adds)
        expect(page.get_by_role("link", name="Models", exact=True)).to_have_count(0)
    page.goto(f"{newsroom.url}/add")
    expect(page.get_by_text("Only editors may do this.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page.get_by_text(VISITOR)).to_be_visible()


def test_a_cookie_is_worth_nothing_after_the_identitys_own_expiry(
    newsroom: RunningApp, visit: Callable[[], Page]
) -> None:
    page = visit()
    sign_in(page, "brief")
    page.wait_for_url(f"{newsroom.url}/")
    page.wait_for_timeout(8_000)
    page.reload()
    expect(page.get_by_text("Your sign-in has expired. Sign in again.")).to_be_visible()
    assert page.locator(".st-key-page-links").count() == 0


def test_a_proxy_names_the_person_and_nobody_else_does(
    indexed: Path, tmp_path: Path, chromium: Browser
) -> None:
    named = {"X_Forwarded_User": "ben", "X_Forwarded_For": "203.0.113.9"}
    data = restricted(indexed, tmp_path / "data")
    with (
        RunningApp(data, BYLINE_SIGN_IN="proxy", BYLINE_PROXIES="127.0.0.1") as app,
        NamingProxy(app.port, **named) as proxy,
        chromium.new_context(locale="en-GB") as context,
    ):
        page = context.new_page()
        for url, texts in {app.url: [VISITOR], proxy.url: ["Signed in: ben", "2 articles"]}.items():
            page.goto(url)
            for text in texts:
                expect(page.get_by_text(text).first).to_be_visible(timeout=OPENING // 2)
    with pytest.raises(AssertionError, match=r"byline: .* BYLINE_PROXIES"):
        RunningApp(data, BYLINE_SIGN_IN="proxy", STREAMLIT_SERVER_ADDRESS="0.0.0.0").__enter__()
