"""The application behind the routes: the guard, then the API that a path begins with."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from rag.api.chat import chat_app
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
    apps: dict[str, ASGIApp] = {"v1": chat_app(engine), "api": _rest(engine), "mcp": _mcp(engine)}
    apps["metrics"] = metrics_app(engine)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[scope["path"].split("/")[1]](scope, receive, send)

    guarded, ready = Guard(WholeRequest(dispatch), Settings.load, address), ready_app(engine)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        app = ready if scope["path"].rstrip("/") == "/ready" else guarded
        await app(scope, receive, send)

    return serve


def _rest(engine: Engine) -> ASGIApp:
    try:
        from rag.api.rest import rest_app
    except ModuleNotFoundError:
        return _missing("/api")
    return rest_app(engine)


def _mcp(engine: Engine) -> ASGIApp:
    try:
        from rag.api.mcp_server import McpApp
    except ModuleNotFoundError:
        return _missing("/mcp")
    return McpApp(engine)


def _missing(path: str) -> ASGIApp:
    """Return the application of a path that needs the packages of the extra `api`."""

    async def missing(scope: Scope, receive: Receive, send: Send) -> None:
        await refusal(scope, 501, Message.of("api_extra", path=path))(scope, receive, send)

    return missing
