"""Fetch pages: rate-limited, within robots.txt, and only from allowed addresses."""

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
from rag.reading import MAX_TEXT_BYTES
from rag.web import decoding
from rag.web.address_policy import AddressPolicy, UnknownHost
from rag.web.robots import AGENT, Robots
from rag.web.transport import CheckedBackend, Deadline, TimedBackend

_USER_AGENT = f"{AGENT}/0.1 (reads pages that its user asked for, into a library on the user's machine)"
_MAX_REDIRECTS = 5
"""Maximum redirects per fetch. Not fitted."""
_READ_TIMEOUT_S = 15.0
"""Maximum time without a byte on a connection. Not fitted."""
_MAX_ROBOTS_BYTES = 500_000
"""Maximum size of robots.txt; the rest is ignored. RFC 9309 requires at least 500 KiB."""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A fetched page.

    `url` is the address after redirects, `suffix` the format as a file suffix (".html"; "" if unknown).
    `etag` and `modified` are the server's validators (ETag, Last-Modified) for the next conditional request.
    """

    url: str
    data: bytes
    suffix: str
    etag: str = ""
    modified: str = ""


class Fetcher:
    """Fetches pages. Thread safe.

    `seconds` is the time limit of a fetch, including redirects; `max_bytes` that of a page's size. A `proxy`
    makes the connections; the addresses that a host resolves to on this machine are still checked, but a host
    that does not resolve here is left to the proxy.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        robots: Robots | None = None,
        seconds: float = 60.0,
        max_bytes: int = MAX_TEXT_BYTES,
        proxy: str = "",
    ) -> None:
        self._policy, self._robots = policy, robots or Robots()
        self._seconds, self._max_bytes, self._proxy = seconds, max_bytes, proxy

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    def fetch(self, address: str, etag: str = "", modified: str = "") -> FetchedPage | None:
        """Fetch a page; return None if the server says that it is unchanged (304).

        `etag` and `modified` are the validators of an earlier fetch. Raises NotFetched.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": modified}
        try:
            deadline, url = Deadline(self._seconds), parse_url(address)
            with self._pool(deadline) as pool:
                for _ in range(_MAX_REDIRECTS + 1):
                    self._check(url)
                    pause = self._robots.check(url, lambda site: self._rules(pool, site))
                    time.sleep(deadline.left(pause))
                    found = self._get(pool, url, {k: v for k, v in validators.items() if v})
                    if not isinstance(found, httpx.URL):
                        return found
                    url = found
        except httpcore.TimeoutException as error:
            raise NotFetched("late") from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            httpcore.ProxyError,
            OSError,
        ) as error:
            raise NotFetched("unreachable", why=_cause(error)) from error
        raise NotFetched("redirects")

    def _check(self, url: httpx.URL) -> None:
        """Check the URL and, if a proxy connects, the addresses of its host. Raises NotFetched."""
        self._policy.check(url)
        if self._proxy:
            with suppress(UnknownHost):
                self._policy.addresses(url.host, url.port or (443 if url.scheme == "https" else 80))

    def _pool(self, deadline: Deadline) -> httpcore.ConnectionPool:
        if self._proxy:
            return httpcore.HTTPProxy(
                self._proxy, ssl_context=self._tls, network_backend=TimedBackend(deadline)
            )
        backend = CheckedBackend(self._policy, deadline)
        return httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend)

    def _get(
        self, pool: httpcore.ConnectionPool, url: httpx.URL, headers: Mapping[str, str]
    ) -> FetchedPage | httpx.URL | None:
        """Return the page, the URL that it redirects to, or None if it is unchanged."""
        with _stream(pool, url, headers) as response:
            received = httpx.Headers(response.headers)
            if response.status == 304 and headers:
                return None
            if _is_redirect(response.status, received):
                return parse_url(received["location"], url)
            if response.status != 200:
                raise _refusal(response.status)
            data = decoding.read_body(response.iter_stream(), received, self._max_bytes)
        suffix = decoding.suffix_of(received, url)
        data = decoding.as_utf8(data, received) if suffix in decoding.TEXT_SUFFIXES else data
        return FetchedPage(
            str(url), data, suffix, received.get("etag", ""), received.get("last-modified", "")
        )

    def _rules(self, pool: httpcore.ConnectionPool, address: str) -> tuple[int, bytes]:
        """Fetch a site's robots.txt, redirects included; return status and body."""
        url = parse_url(address)
        for _ in range(_MAX_REDIRECTS + 1):
            self._check(url)
            with _stream(pool, url) as response:
                received = httpx.Headers(response.headers)
                body = decoding.read_body(response.iter_stream(), received, _MAX_ROBOTS_BYTES, cut=True)
            if not _is_redirect(response.status, received):
                return response.status, body
            url = parse_url(received["location"], url)
        return 404, b""


def parse_url(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """Parse an address, relative to `base`, and drop its fragment. Raises NotFetched if it is invalid."""
    try:
        url = base.join(address) if base else httpx.URL(address.strip())
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise NotFetched("bad_address", error=error) from error
    return url.copy_with(fragment=None)


def _stream(
    pool: httpcore.ConnectionPool, url: httpx.URL, headers: Mapping[str, str] = MappingProxyType({})
) -> AbstractContextManager[httpcore.Response]:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    standard = {"User-Agent": _USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), _READ_TIMEOUT_S)
    return pool.stream(
        "GET", target, headers=[*standard.items(), *headers.items()], extensions={"timeout": timeouts}
    )


def _is_redirect(status: int, received: httpx.Headers) -> bool:
    return status in (301, 302, 303, 307, 308) and "location" in received


def _refusal(status: int) -> NotFetched:
    if status in (404, 410):
        return NotFetched("gone", status=str(status))
    if status in (401, 402, 403, 451):
        return NotFetched("refused", status=str(status))
    if status == 429 or status >= 500:
        return NotFetched("site_busy", status=str(status))
    return NotFetched("site_refused", status=str(status))


def _cause(error: Exception) -> str:
    return str(error).strip() or type(error).__name__
