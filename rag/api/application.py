"""The application behind the routes: the guard, then the API that a path begins with."""

from __future__ import annotations

from collections.abc import Callable

from anyio import Lock, to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.api.engine import Engine
from rag.api.guard import Guard
from rag.api.health import metrics_app, ready_app
from rag.api.refusal import refusal
from rag.api.whole_request import WholeRequest
from rag.library import Library
from rag.locales.message import Message
from rag.settings import Settings


def application(open_library: Callable[[], Library], address: Callable[[], str]) -> ASGIApp:
    """Build the application."""
    engine = Engine(open_library)
    guarded = Guard(WholeRequest(Dispatch(engine)), Settings.load, address)
    ready = ready_app(engine)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        app = ready if scope["path"].rstrip("/") == "/ready" else guarded
        await app(scope, receive, send)

    return serve


class Dispatch:
    """Passes a request to the API of its path, which is imported with its first request."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, Lock()
        self._apps: dict[str, ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        name = scope["path"].split("/")[1]
        async with self._lock:
            if name not in self._apps:
                self._apps[name] = await to_thread.run_sync(_app, name, self._engine)
        await self._apps[name](scope, receive, send)


def _app(name: str, engine: Engine) -> ASGIApp:
    """Build the API of a name; one that says what to install where the extra `api` is missing."""
    try:
        if name == "api":
            from rag.api.rest import rest_app

            return rest_app(engine)
        if name == "mcp":
            from rag.api.mcp_server import McpApp

            return McpApp(engine)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("rag."):
            raise  # no package is missing, but a part of Byline
        return _not_installed(f"/{name}")
    if name == "metrics":
        return metrics_app(engine)
    from rag.api.chat import chat_app

    return chat_app(engine)


def _not_installed(path: str) -> ASGIApp:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await refusal(scope, 501, Message.of("api_extra", path=path))(scope, receive, send)

    return refuse
