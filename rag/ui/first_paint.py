"""Middleware of the server: what the browser shows and runs before Streamlit has drawn anything."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UNCONDITIONAL = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
"""Headers of a request that the whole page, as plain text, cannot be had with."""
_VALIDATORS = ("etag", "last-modified", "accept-ranges")
_STREAMLITS_OWN = re.compile(r"/(static|_stcore|component|media|app/static)/|\.\w+$")
"""Paths that are no pages."""


class FirstPaint:
    """Puts the first paint's style and scripts into the page, and Byline's name for Streamlit's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "GET" or _STREAMLITS_OWN.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _UNCONDITIONAL]
        await self._app({**scope, "headers": headers}, receive, _Page(send))


class _Page:
    """Sends a response, and a page with what belongs into it."""

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
        body = completed(self._body.decode()).encode()
        headers = MutableHeaders(scope=start)
        for name in _VALIDATORS:
            del headers[name]
        headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    kind = MutableHeaders(scope=start).get("content-type", "")
    return bool(start["status"] == 200 and kind.startswith("text/html"))


def completed(page: str) -> str:
    """Return Streamlit's page with Byline's name, colours and scripts."""
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
