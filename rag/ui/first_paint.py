"""Server middleware that adds what the browser shows and runs before Streamlit has drawn anything."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CONDITIONAL = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
"""Request headers that lead to a compressed, partial or empty response instead of the page."""
_VALIDATORS = ("etag", "last-modified", "accept-ranges")
_ASSETS = re.compile(r"/(static|_stcore|component|media|app/static)/|\.\w+$")
"""Paths that are no pages."""


class FirstPaint:
    """Inserts the style and scripts of the first paint into a page, and Byline's name as its title."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "GET" or _ASSETS.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _CONDITIONAL]
        await self._app({**scope, "headers": headers}, receive, _PageSender(send))


class _PageSender:
    """Sends a response unchanged, or a page with the first paint."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = with_first_paint(self._body.decode()).encode()
        headers = MutableHeaders(scope=start)
        for name in _VALIDATORS:
            del headers[name]
        headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    kind = MutableHeaders(scope=start).get("content-type", "")
    return bool(start["status"] == 200 and kind.startswith("text/html"))


def with_first_paint(page: str) -> str:
    """Return Streamlit's page with Byline's title, colours and scripts."""
    named = page.replace("<title>Streamlit</title>", "<title>Byline</title>", 1)
    return named.replace("</head>", f"{_style()}</head>", 1).replace("</body>", f"{_script()}</body>", 1)


@cache
def _style() -> str:
    return f"<style>{_file('first_paint.css')}</style>"


@cache
def _script() -> str:
    return f"<script>{_file('first_input.js')}{_file('first_paint.js')}</script>"


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
