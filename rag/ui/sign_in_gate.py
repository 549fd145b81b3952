"""What the server does about identities before the page sees them. Imported only where people sign in."""

from __future__ import annotations

import os
import sys

import uvicorn.config
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import SettingsError
from rag.service.people.trust import check_sign_in, is_proxy
from rag.settings import Settings


def load_checked(address: str) -> Settings:
    """Return the settings; end the process where people could not sign in safely.

    `address` is what the server listens at.
    """
    try:
        settings = Settings.load()
        check_sign_in(settings, address)
    except SettingsError as error:
        print(f"byline: {error}", file=sys.stderr)  # noqa: T201 - the server has not started
        sys.stderr.flush()
        os._exit(1)  # Streamlit would show the exception on a page instead
    _know_peers()
    return settings


def _know_peers() -> None:
    """Keep uvicorn from taking a header's word (X-Forwarded-For) for who has connected.

    It wraps the application in its middleware once this module has been imported, and Streamlit has no option
    for that.
    """

    def unwrapped(app: ASGIApp, **_: object) -> ASGIApp:
        return app

    vars(uvicorn.config)["ProxyHeadersMiddleware"] = unwrapped


class IdentityHeaders:
    """Removes the headers that name a person, unless a trusted proxy has sent each of them once."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._names = {
            name.lower().encode("latin-1") for name in (settings.user_header, settings.groups_header)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] in ("http", "websocket"):
            found = [name for name, _ in scope["headers"] if name.lower() in self._names]
            if found and (len(found) != len(set(found)) or not self._is_trusted(scope)):
                kept = [pair for pair in scope["headers"] if pair[0].lower() not in self._names]
                scope = {**scope, "headers": kept}
        await self._app(scope, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        client = scope.get("client")
        is_proxied = self._settings.sign_in == "proxy"
        return is_proxied and is_proxy(client[0] if client else "", self._settings)
