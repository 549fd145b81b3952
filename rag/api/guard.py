"""Lets requests in: which addresses the API is served at, keys, and what each may see."""

from __future__ import annotations

from collections.abc import Callable

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.api.access import Access, grant
from rag.api.origin import is_loopback, is_own_program
from rag.api.refusal import refusal, refusal_of
from rag.errors import BylineError
from rag.locales.message import Message
from rag.service.api_keys import KEY_PREFIX, ApiKeys
from rag.settings import Settings


class Guard:
    """Answers a request that may not come in, and gives every other one its Access.

    A key is needed, except by programs on this machine while the page is served to this machine alone and
    nobody signs in: what a proxy passes on would else come in without one.
    `address` returns the one that the server listens at.
    """

    def __init__(self, app: ASGIApp, settings: Callable[[], Settings], address: Callable[[], str]) -> None:
        self._app, self._settings, self._address = app, settings, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        admitted = await to_thread.run_sync(self._admit, scope)
        if isinstance(admitted, Access):
            grant(admitted)
            await self._app(scope, receive, send)
        else:
            await admitted(scope, receive, send)

    def _admit(self, scope: Scope) -> Access | Response:
        try:
            access = self._access(scope)
        except BylineError as error:
            return refusal_of(scope, error)
        return access if isinstance(access, Access) else refusal(scope, *access)

    def _access(self, scope: Scope) -> Access | tuple[int, Message]:
        settings = self._settings()
        local = is_loopback(self._address())
        if settings.api == "off" or (settings.api == "loopback" and not local):
            return 403, Message.of("api_off" if settings.api == "off" else "api_local")
        scheme, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        key = key.strip() if scheme.lower() == "bearer" else ""
        if key.startswith(KEY_PREFIX):  # not even to this machine is a revoked key worth more than a good one
            found = ApiKeys(settings.data).find(key)
            return Access(found.collections, found.groups) if found else (401, Message.of("key_unknown"))
        if settings.api == "loopback" and not settings.sign_in and is_own_program(scope):
            return Access()  # whatever else its client sends for a key: OpenAI's always sends one
        return 401, Message.of("key_needed")
