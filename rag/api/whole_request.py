"""Reads a request's body within a limit, and gives the request up when its sender hangs up."""

from __future__ import annotations

import threading
from contextvars import ContextVar

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.api.refusal import refusal
from rag.locales.message import Message as Text

MAX_BODY_BYTES = 10 << 20
"""Maximum size of a body, that of a file uploaded to the page (`maxUploadSize`). Not fitted."""
_JSON = "application/json"
_BYTES = "application/octet-stream"
"""The type of an uploaded file, which only PUT sends. Browsers let no other site send either type unasked."""
hung_up: ContextVar[threading.Event] = ContextVar("hung_up")
"""Set when the client of this request has disconnected; for threads that no cancellation reaches."""


class WholeRequest:
    """Passes requests with a complete body of a known type, and cancels them when the client disconnects."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > MAX_BODY_BYTES:
            await _too_large(scope)(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD", "DELETE"):
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            wanted = _BYTES if scope["method"] == "PUT" else _JSON
            if kind != wanted:
                await refusal(scope, 415, Text.of("wrong_type", type=wanted))(scope, receive, send)
                return
        body = await _read(receive)
        if body is None:
            await _too_large(scope)(scope, receive, send)
        else:
            await self._serve(body, scope, receive, send)

    async def _serve(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        hung_up.set(threading.Event())
        gone, unread = anyio.Event(), [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            if unread:
                return unread.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                gone.set()
                hung_up.get().set()
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            await self._app(scope, replay, send)
            tasks.cancel_scope.cancel()


async def _read(receive: Receive) -> bytes | None:
    """Read the body; None if it is too large. A sender who hangs up is noticed by the next `receive`."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _too_large(scope: Scope) -> ASGIApp:
    return refusal(scope, 413, Text.of("body_too_large", max=MAX_BODY_BYTES >> 20))
