"""/mcp: tools for assistants (Model Context Protocol, streamable HTTP). Needs the extra `api`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

from rag.api import catalogue
from rag.api.access import current
from rag.api.chat_stream import reply
from rag.api.engine import Engine
from rag.api.questions import Asking, Search
from rag.api.refusal import refusal
from rag.errors import BylineError
from rag.events import Event, Failed
from rag.locales.message import Message
from rag.service import json_output

Json = dict[str, Any]
_PATH = "/mcp"
_ABOUT = (
    "A library of articles. `ask` answers from them alone, and says so where they hold no answer: "
    "then do not make one up. Cite the articles that an answer names. `search` finds passages, "
    "`open_article` shows a whole article by its id."
)


class McpApp:
    """Serves each request by itself, without sessions, so each has the access of its own key."""

    def __init__(self, engine: Engine) -> None:
        self._server = _server(engine)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["method"] != "POST" or scope["path"].rstrip("/") != _PATH:
            message = Message.of("api_method", path=scope["path"], method=scope["method"])
            await refusal(scope, 405, message)(scope, receive, send)
            return
        app = self._server.streamable_http_app(
            streamable_http_path=_PATH,
            stateless_http=True,
            json_response=True,
            # Host and Origin have been checked by the guard.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        async with app.router.lifespan_context(app):
            await app({**scope, "path": _PATH, "root_path": ""}, receive, send)


def _server(engine: Engine) -> MCPServer:
    server: MCPServer = MCPServer("Byline", instructions=_ABOUT, log_level="WARNING")

    @server.tool()
    async def search(question: str, k: int = 10, collections: list[str] = []) -> Json:  # noqa: B006
        """Find the passages of articles that fit a question best, best first, in any of its languages."""
        with _told():
            asked = Search(question=question, k=k, collections=collections)
            return await engine.call(partial(catalogue.search, access=current(), asked=asked))

    @server.tool()
    async def ask(question: str, collections: list[str] = []) -> Json:  # noqa: B006
        """Answer a question from the articles, with citations; `reply` says so if they hold no answer."""
        with _told():
            asked, access = Asking(question=question, collections=collections), current()
            end = await engine.answer(
                lambda library: asked.ask(library, access, asked.question, [], None), _ignore
            )
        if isinstance(end, Failed):
            raise ToolError(str(end.message))
        return access.told({"reply": reply(end.answer), **json_output.answer(end.answer)})

    @server.tool()
    async def open_article(id: str) -> Json:
        """Show an article with its text, by the id that passages and lists name."""
        with _told():
            return await engine.call(partial(catalogue.article, access=current(), id=id))

    @server.tool()
    async def list_collections() -> list[Json]:
        """List the collections of articles, with the number of articles in each."""
        with _told():
            return await engine.call(partial(catalogue.collections, access=current()))

    return server


@contextmanager
def _told() -> Iterator[None]:
    """Turn errors that a person can mend into the tool's."""
    try:
        yield
    except BylineError as error:
        raise ToolError(str(error)) from error


async def _ignore(_: Event) -> None:
    """Do nothing: the answer is returned when it is complete."""
