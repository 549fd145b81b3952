"""Connections to checked addresses only, none of which lasts beyond a visit's end."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from rag.errors import NotFetched
from rag.web.destinations import Destinations

_TRIED = 3
"""Addresses of a host that are tried, one after the other."""
_CONNECT = 10.0
"""Seconds that one of them may take."""


class Clock:
    """What is left of the seconds that a visit may take. Raises NotFetched once they are over."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end = seconds, time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Seconds that are left, `at_most` of them."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise NotFetched(f"It took longer than {self._seconds:g} seconds.")
        return left if at_most is None else min(left, at_most)


class TimedBackend(httpcore.SyncBackend):
    """Connects to the proxy that a setting names; the visit's clock runs all the same."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - as below
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect."""
        left = self._clock.left(_CONNECT)
        return _Timed(super().connect_tcp(host, port, left, local_address, socket_options), self._clock)


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a host, has its addresses checked, and connects to these very addresses.

    httpcore takes the name for TLS and for the Host header from the request, so these stay the host's.
    """

    def __init__(self, destinations: Destinations, clock: Clock) -> None:
        self._destinations, self._clock = destinations, clock
        self._tcp = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the visit's clock knows better
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        failure: Exception | None = None
        for address in self._destinations.addresses(host, port)[:_TRIED]:
            try:
                left = self._clock.left(_CONNECT)
                stream = self._tcp.connect_tcp(address, port, left, local_address, socket_options)
                return _Timed(stream, self._clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Nothing on the web is a socket of this machine."""
        raise NotFetched("Only addresses that begin with http:// or https:// are fetched.")

    def sleep(self, seconds: float) -> None:
        """Wait before httpcore tries again."""
        time.sleep(self._clock.left(seconds))


class _Timed(httpcore.NetworkStream):
    """A stream whose every step ends with the visit: a server may drip for ever."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._clock.left(timeout))
        return _Timed(secure, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
