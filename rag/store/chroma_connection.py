"""A connection to a Chroma server beside chromadb's: what answers there, and whether it is still the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from rag.errors import ServerAway, first_line

_TIMEOUT = httpx.Timeout(5.0, connect=2.0)
"""Seconds for requests that a server answers at once. Not fitted."""
_DENIED = (401, 403, 407)
_PROXY_FAILS = (502, 503, 504)
_DATABASES = "/api/v2/tenants/default_tenant/databases"
_VERSION = "1."
"""Chroma's servers since 1.0 say "1.0.0" of themselves."""


class ChromaConnection:
    """One kept-alive connection to a server. Thread safe. Methods raise ServerAway, which says why."""

    def __init__(self, address: str, token: str = "") -> None:
        self._address = address
        self._http = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=_TIMEOUT,
            limits=httpx.Limits(max_connections=1, keepalive_expiry=None),
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def check(self) -> None:
        """Raise ServerAway unless a Chroma server of a known version answers."""
        version = self._json("GET", "/api/v2/version")
        if not isinstance(version, str):
            raise self._no_chroma()
        if not version.startswith(_VERSION):
            raise ServerAway("chroma_version", url=self._address, version=version[:40])

    def pulse(self) -> str:
        """Return a text that changes when the connection was lost, as when the server was restarted.

        It is this end's port. A server that ends closes its connections, so the next request needs another.
        """
        with self._errors(), self._http.stream("GET", "/api/v2/heartbeat") as response:
            stream = response.extensions["network_stream"]
            response.read()
            if response.status_code != httpx.codes.OK:
                raise self._refused(response)
            return str(stream.get_extra_info("client_addr"))

    def make_database(self, name: str) -> None:
        """Create a database if it is missing, and delete others of the same library.

        `name` is the library's id, a hyphen and a number; earlier numbers are abandoned.
        """
        library = name.rpartition("-")[0] + "-"
        existing = {str(one["name"]) for one in self._json("GET", f"{_DATABASES}?limit=10000")}
        for other in existing:
            if other.startswith(library) and other != name:
                self.delete_database(other)
        if name not in existing:
            self._json("POST", _DATABASES, {"name": name})

    def delete_database(self, name: str) -> None:
        """Delete a database with its collections."""
        self._json("DELETE", f"{_DATABASES}/{name}")

    def away(self, error: Exception) -> ServerAway:
        """Return the error for one of httpx or chromadb."""
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol):
            return ServerAway("chroma_none", url=self._address)
        if isinstance(error, httpx.TimeoutException):
            return ServerAway("chroma_mute", url=self._address)
        if isinstance(error, httpx.HTTPError | httpx.StreamError):
            return ServerAway("chroma_broke", url=self._address)
        said = first_line(error) if "<" not in str(error) else ""
        return ServerAway("chroma_trouble", url=self._address, said=said[:200] or type(error).__name__)

    def _json(self, method: str, path: str, body: object = None) -> Any:
        with self._errors():
            response = self._http.request(method, path, json=body)
            if not response.is_success:
                raise self._refused(response)
            try:
                return json.loads(response.content)
            except ValueError as error:
                raise self._no_chroma() from error

    def _refused(self, response: httpx.Response) -> ServerAway:
        status = response.status_code
        if status in _DENIED:
            return ServerAway("chroma_denied", url=self._address)
        if status in _PROXY_FAILS:
            return ServerAway("chroma_proxy", url=self._address, status=str(status))
        if status == httpx.codes.NOT_FOUND and self._is_older():
            return ServerAway("chroma_version", url=self._address, version="< 1")
        if "json" in response.headers.get("content-type", "") and "error" in response.text:
            return ServerAway("chroma_trouble", url=self._address, said=response.text[:200])
        return self._no_chroma()

    def _is_older(self) -> bool:
        """Tell whether the server has the first version of the API only, as Chroma before 0.6."""
        return self._http.get("/api/v1/heartbeat").is_success

    def _no_chroma(self) -> ServerAway:
        return ServerAway("chroma_other", url=self._address)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise self.away(error) from error
