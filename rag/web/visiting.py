"""An address → the bytes behind it: slowly, politely, and never where it may not lead."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import httpcore
import httpx

from rag.errors import NotFetched
from rag.reading import LARGEST
from rag.web import bodies
from rag.web.connecting import CheckedBackend, Clock, TimedBackend
from rag.web.destinations import Destinations, UnknownHost
from rag.web.robots import AGENT, Robots

_USER_AGENT = f"{AGENT}/0.1 (reads pages that its user asked for, into a library on the user's machine)"
_REDIRECTS = 5
_SILENCE = 15.0
"""Seconds without a byte after which a server is given up."""
_ROBOTS_MOST = 500_000


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave.

    `url` is where it led in the end. `suffix` is the format, as file names end (".html"; "" where it is
    unknown); `etag` and `modified` are the server's words to ask it later whether it has changed.
    """

    url: str
    data: bytes
    suffix: str
    etag: str = ""
    modified: str = ""


class Visitor:
    """Fetches addresses. Thread safe. `seconds` is what a visit may take, redirects included.

    Through a `proxy` it is the proxy that connects: what a name means here is still checked, and a name
    that means nothing here is left to the proxy.
    """

    def __init__(
        self,
        destinations: Destinations,
        robots: Robots | None = None,
        seconds: float = 60.0,
        most: int = LARGEST,
        proxy: str = "",
    ) -> None:
        self._destinations, self._robots = destinations, robots or Robots()
        self._seconds, self._most, self._proxy = seconds, most, proxy

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    def visit(self, address: str, etag: str = "", modified: str = "") -> Page | None:
        """What is at an address; None where it has not changed since it was given `etag` and `modified`.

        Raises NotFetched, saying why and what to do.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": modified}
        try:
            clock, url = Clock(self._seconds), parsed(address)
            with self._pool(clock) as pool:
                for _ in range(_REDIRECTS + 1):
                    self._check(url)
                    pause = self._robots.check(url, lambda site: self._rules(pool, site))
                    time.sleep(clock.left(pause))
                    found = self._get(pool, url, {k: v for k, v in asked.items() if v})
                    if not isinstance(found, httpx.URL):
                        return found
                    url = found
        except httpcore.TimeoutException as error:
            raise NotFetched("The server does not answer in time: try again later.") from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            httpcore.ProxyError,
            OSError,
        ) as error:
            raise NotFetched(f"The server cannot be reached ({_why(error)}).") from error
        raise NotFetched("It leads on and on, from one address to another.")

    def _check(self, url: httpx.URL) -> None:
        """Whether an address may be visited, as far as it says itself, or its name where a proxy connects."""
        self._destinations.check(url)
        if self._proxy:
            with suppress(UnknownHost):
                self._destinations.addresses(url.host, url.port or (443 if url.scheme == "https" else 80))

    def _pool(self, clock: Clock) -> httpcore.ConnectionPool:
        if self._proxy:
            return httpcore.HTTPProxy(self._proxy, ssl_context=self._tls, network_backend=TimedBackend(clock))
        backend = CheckedBackend(self._destinations, clock)
        return httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend)

    def _get(
        self, pool: httpcore.ConnectionPool, url: httpx.URL, headers: Mapping[str, str]
    ) -> Page | httpx.URL | None:
        """The page, the address that it leads on to, or None where it has not changed."""
        with _stream(pool, url, headers) as response:
            said = httpx.Headers(response.headers)
            if response.status == 304 and headers:
                return None
            if _leads_on(response.status, said):
                return parsed(said["location"], url)
            if response.status != 200:
                raise NotFetched(_refused(response.status))
            data = bodies.read(response.iter_stream(), said, self._most)
        suffix = bodies.suffix(said, url)
        data = bodies.as_utf8(data, said) if suffix in bodies.TEXT else data
        return Page(str(url), data, suffix, said.get("etag", ""), said.get("last-modified", ""))

    def _rules(self, pool: httpcore.ConnectionPool, address: str) -> tuple[int, bytes]:
        """A site's robots.txt; one that leads elsewhere is followed as a page is."""
        url = parsed(address)
        for _ in range(_REDIRECTS + 1):
            self._check(url)
            with _stream(pool, url) as response:
                said = httpx.Headers(response.headers)
                body = bodies.read(response.iter_stream(), said, _ROBOTS_MOST, cut=True)
            if not _leads_on(response.status, said):
                return response.status, body
            url = parsed(said["location"], url)
        return 404, b""


def parsed(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """An address, without what stands behind "#". Raises NotFetched where it is none."""
    try:
        url = base.join(address) if base else httpx.URL(address.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise NotFetched(f"It is not an address that can be understood ({error}).") from error
    return url.copy_with(fragment=None)


def _stream(
    pool: httpcore.ConnectionPool, url: httpx.URL, headers: Mapping[str, str] = MappingProxyType({})
) -> AbstractContextManager[httpcore.Response]:
    where = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    usual = {"User-Agent": _USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), _SILENCE)
    return pool.stream(
        "GET", where, headers=[*usual.items(), *headers.items()], extensions={"timeout": timeouts}
    )


def _leads_on(status: int, said: httpx.Headers) -> bool:
    return status in (301, 302, 303, 307, 308) and "location" in said


def _refused(status: int) -> str:
    if status in (404, 410):
        return f"There is no such page ({status})."
    if status in (401, 402, 403, 451):
        return f"The site does not give it to everybody ({status}): save it in a browser, and add the file."
    if status == 429 or status >= 500:
        return f"The site cannot give it now ({status}): try again later."
    return f"The site did not give it ({status})."


def _why(error: Exception) -> str:
    return str(error).strip() or type(error).__name__
