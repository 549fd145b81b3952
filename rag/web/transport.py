"""Network backends of httpcore: connections to checked addresses only, with a deadline."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from rag.errors import NotFetched
from rag.web.address_policy import AddressPolicy

_MAX_ADDRESSES = 3
"""Maximum addresses of a host that are tried in turn. Not fitted."""
_CONNECT_TIMEOUT_S = 10.0
"""Timeout of each attempt to connect. Not fitted."""


class Deadline:
    """The time limit of a fetch. Raises NotFetched once it has passed."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._end = seconds, time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Return the remaining seconds, limited to `at_most`."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise NotFetched("slow_page", n=self._seconds)
        return left if at_most is None else min(left, at_most)


class TimedBackend(httpcore.SyncBackend):
    """Connects to a proxy, within the deadline of the fetch."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - as below
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the proxy."""
        left = self._deadline.left(_CONNECT_TIMEOUT_S)
        return _TimedStream(
            super().connect_tcp(host, port, left, local_address, socket_options), self._deadline
        )


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a host, checks its addresses, and connects to the checked addresses.

    httpcore takes the names for TLS and the Host header from the request, so they remain the host's.
    """

    def __init__(self, policy: AddressPolicy, deadline: Deadline) -> None:
        self._policy, self._deadline = policy, deadline
        self._tcp = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline applies instead
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        failure: Exception | None = None
        for address in self._policy.addresses(host, port)[:_MAX_ADDRESSES]:
            try:
                left = self._deadline.left(_CONNECT_TIMEOUT_S)
                stream = self._tcp.connect_tcp(address, port, left, local_address, socket_options)
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Refuse Unix sockets."""
        raise NotFetched("scheme")

    def sleep(self, seconds: float) -> None:
        """Wait before httpcore retries, within the deadline."""
        time.sleep(self._deadline.left(seconds))


class _TimedStream(httpcore.NetworkStream):
    """A stream whose operations share a deadline, against servers that send a byte at a time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
