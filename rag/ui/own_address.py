"""Middleware of the server: only Byline's own page may talk to it, and no page may frame it."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UNFRAMED = {"Content-Security-Policy": "frame-ancestors 'none'", "X-Frame-Options": "DENY"}
_POLICY_VIOLATION = 1008


class OwnAddressOnly:
    """Refuses WebSockets whose Origin is not the address that they connect to, and forbids framing.

    Streamlit takes WebSockets without an Origin, and those of pages on any port of this machine. That the
    address is one of this machine's names is checked by Streamlit (`server.allowedHosts`).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket" and not _is_own(Headers(scope=scope)):
            await receive()  # the request to connect, which is answered with status 403
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return

        async def unframed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_UNFRAMED)
            await send(message)

        await self._app(scope, receive, unframed)


def _is_own(headers: Headers) -> bool:
    host = headers.get("host")
    return bool(host) and headers.getlist("origin") in ([f"http://{host}"], [f"https://{host}"])
