"""The routes of the API in the page's server. What serves them is imported with the first request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from anyio import Lock, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from rag.library import Library


def api_routes(open_library: Callable[[], Library], address: Callable[[], str]) -> Sequence[BaseRoute]:
    """Return the routes.

    `open_library` returns the page's library, the same each time; `address` the one the server listens at.
    """

    def build() -> ASGIApp:
        from rag.api.application import application

        return application(open_library, address)

    served = Deferred(build)
    return [
        Route("/health", health),
        *(Route(path, served) for path in ("/ready", "/metrics", "/mcp")),
        *(Mount(path, served) for path in ("/v1", "/api", "/mcp")),
    ]


async def health(_: Request) -> Response:
    """Answer that the process runs. It needs no key, and opens nothing."""
    return PlainTextResponse("ok\n")


class Deferred:
    """An application that is imported and built with its first request."""

    def __init__(self, build: Callable[[], ASGIApp]) -> None:
        self._build, self._lock = build, Lock()
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; WebSockets are refused."""
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        async with self._lock:
            if self._app is None:
                self._app = await to_thread.run_sync(self._build)
        await self._app(scope, receive, send)
