"""Pages, each like a new visitor's, and a watch on what they ask the network for."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page
from reader import Reader

LOCAL = {"127.0.0.1", "localhost", ""}

OPENING = 120_000
"""Milliseconds until a page must stand there; the first one of an app waits for the library."""


class PageOpener:
    """`open_page(url, width, height, dark, locale)`."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts = []
        self.strangers: list[str] = []
        self.errors: list[str] = []

    def __call__(
        self, url: str, width: int = 1280, height: int = 800, dark: bool = False, locale: str = "en-GB"
    ) -> Reader:
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="reduce",  # an endless animation costs sixty pictures a second
        )
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        page = context.new_page()
        self._watch(page)
        page.goto(url)
        page.locator(".st-key-masthead").wait_for(timeout=OPENING)
        return Reader(page)

    def failures(self) -> list[str]:
        """Return the scripts' errors, except those of a race in Streamlit, which the page mends itself.

        rag/ui/first_paint.js loads the page again then (test_first_paint.py); what a test asserts about the
        reader's words must hold all the same.
        """
        return [error for error in self.errors if "delta path" not in error]

    def _watch(self, page: Page) -> None:
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, url: str) -> None:
        if (urlsplit(url).hostname or "") not in LOCAL:
            self.strangers.append(url)

    def close(self) -> None:
        for context in self._contexts:
            context.close()
