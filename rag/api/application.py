"""The application behind the routes: the guard, then the API that a path begins with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from rag.api.engine import Engine
from rag.api.guard import Guard
from rag.api.health import metrics_app, ready_app
from rag.api.refusal import refusal
from rag.api.routes import Deferred
from rag.api.whole_request import WholeRequest
from rag.library import Library
from rag.locales.message import Message
from rag.settings import Settings


def application(open_library: Callable[[], Library], address: Callable[[], str]) -> ASGIApp:
    """Build the application. Each API is imported and built with its first request."""
    engine = Engine(open_library)
    apps = {name: Deferred(partial(_app, name, engine)) for name in ("v1", "api", "mcp", "metrics")}

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[scope["path"].split("/")[1]](scope, receive, send)

    guarded, ready = Guard(WholeRequest(dispatch), Settings.load, address), ready_app(engine)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        app = ready if scope["path"].rstrip("/") == "/ready" else guarded
        await app(scope, receive, send)

    return serve


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
