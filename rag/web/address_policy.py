"""The addresses that may be fetched: public ones, and those that a setting allows.

Protects against server-side request forgery. Pages can redirect anywhere, and a host name can resolve
differently each time, so every connection's IP address is checked, also after redirects (rag.web.transport).
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, Queue

import httpx

from rag.errors import NotFetched, SettingsError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Resolves a host and port to IP addresses, as text."""

_DEFAULT_PORTS = {80, 443}
_NAT64 = ip_network("64:ff9b::/96")
"""IPv4 addresses behind a translator (RFC 6052)."""
_DNS_TIMEOUT_S = 10.0
"""Timeout for resolving a host; the system's own can be minutes. Not fitted."""
_ENTRY = re.compile(r"(?P<host>\[[\da-fA-F:.]+\]|[\w.-]+)(?::(?P<port>\d+))?")


class UnknownHost(NotFetched):
    """A host name that does not resolve on this machine."""


def call_with_timeout(
    seconds: float, work: Callable[[str, int], Sequence[str]], host: str, port: int
) -> Sequence[str]:
    """Call `work` with a timeout. Raises TimeoutError, and then abandons the thread that runs the call."""
    results: Queue[Sequence[str] | BaseException] = Queue()

    def run() -> None:
        try:
            results.put(work(host, port))
        except BaseException as error:
            results.put(error)

    threading.Thread(target=run, name="resolving", daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except Empty as error:
        raise TimeoutError from error
    if isinstance(result, BaseException):
        raise result
    return result


def resolve(host: str, port: int) -> list[str]:
    """Resolve a host through the operating system. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class _Allowed:
    """A host or network that is allowed besides public ones; `port` None means the default ports."""

    host: str
    network: IPv4Network | IPv6Network | None
    port: int | None

    def covers(self, host: str, address: Address, port: int) -> bool:
        matches = address in self.network if self.network else host == self.host
        return matches and (port == self.port if self.port else port in _DEFAULT_PORTS)


class AddressPolicy:
    """Decides which addresses may be fetched.

    `allowed` lists hosts, addresses and networks besides public ones, separated by commas, with a port
    unless it is 80 or 443: "intranet.example, 192.168.1.0/24, 127.0.0.1:8000". Raises SettingsError if it
    cannot be parsed.
    """

    def __init__(self, allowed: str = "", resolve: Resolve = resolve) -> None:
        self._allowed = [_parsed_entry(entry) for entry in re.split(r"[,\s]+", allowed) if entry]
        self._resolve = resolve

    def check(self, url: httpx.URL) -> None:
        """Check scheme, host and credentials of a URL. Raises NotFetched."""
        if url.scheme not in ("http", "https"):
            raise NotFetched("scheme")
        if not url.raw_host:
            raise NotFetched("no_host")
        if url.userinfo:
            raise NotFetched("userinfo")

    def addresses(self, host: str, port: int) -> list[str]:
        """Resolve a host to addresses that may all be connected to at the port.

        Raises NotFetched if one of them is not allowed, UnknownHost if the name does not resolve.
        """
        host = host.lower().rstrip(".").strip("[]")
        try:
            texts = call_with_timeout(_DNS_TIMEOUT_S, self._resolve, host, port)
            found = [ip_address(text.partition("%")[0]) for text in texts]
        except TimeoutError as error:
            raise UnknownHost("slow_dns", host=host, n=_DNS_TIMEOUT_S) from error
        except (OSError, UnicodeError, ValueError) as error:
            raise UnknownHost("unknown_host", host=host) from error
        if not found:
            raise UnknownHost("unknown_host", host=host)
        for address in found:
            self._check(host, address, port)
        return [str(address) for address in found]

    def _check(self, host: str, address: Address, port: int) -> None:
        if any(entry.covers(host, address, port) for entry in self._allowed):
            return
        if not is_public(address):
            raise NotFetched("private", host=host, address=address)
        if port not in _DEFAULT_PORTS:
            raise NotFetched("port", port=str(port), host=f"{host}:{port}")


def is_public(address: Address) -> bool:
    """Tell whether an address is public, including an IPv4 address embedded in IPv6."""
    if isinstance(address, IPv6Address):
        embedded = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local or not all(is_public(one) for one in embedded if one):
            return False
        if address.ipv4_mapped:
            return True
    special = (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_link_local
        or address.is_loopback
        or address.is_unspecified
    )
    return address.is_global and not special


def _parsed_entry(entry: str) -> _Allowed:
    try:
        network = ip_network(entry, strict=False)
        return _Allowed("", network, None)
    except ValueError:
        pass
    match = _ENTRY.fullmatch(entry)
    if not match:
        raise SettingsError("visit", entry=entry)
    host = match["host"].strip("[]").lower().rstrip(".")
    port = int(match["port"]) if match["port"] else None
    try:
        return _Allowed("", ip_network(host), port)
    except ValueError:
        return _Allowed(host, None, port)
