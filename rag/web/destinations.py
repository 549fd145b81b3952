"""Where Byline may go: to public addresses, and to what a setting names.

A page can lead anywhere, so what is asked here is asked of the very address that is connected to
(rag.web.connecting), on every redirect: a name says nothing, and may mean another machine the next time.
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
"""Addresses of a host, as text."""

_PORTS = {80, 443}
_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052)."""
_RESOLVING = 10.0
"""Seconds that the system may take to resolve a name; its own limit can be minutes."""
_ENTRY = re.compile(r"(?P<host>\[[\da-fA-F:.]+\]|[\w.-]+)(?::(?P<port>\d+))?")


class UnknownHost(NotFetched):
    """A name that this machine does not resolve."""


def within(seconds: float, work: Callable[[str, int], Sequence[str]], host: str, port: int) -> Sequence[str]:
    """What a call returns or raises. Raises TimeoutError once it takes longer: a thread is left to it."""
    said: Queue[Sequence[str] | BaseException] = Queue()

    def run() -> None:
        try:
            said.put(work(host, port))
        except BaseException as error:
            said.put(error)

    threading.Thread(target=run, name="resolving", daemon=True).start()
    try:
        result = said.get(timeout=seconds)
    except Empty as error:
        raise TimeoutError from error
    if isinstance(result, BaseException):
        raise result
    return result


def resolve(host: str, port: int) -> list[str]:
    """Ask the system. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class _Named:
    """A host or a network that may be visited though it is not public; None stands for the usual ports."""

    host: str
    network: IPv4Network | IPv6Network | None
    port: int | None

    def covers(self, host: str, address: Address, port: int) -> bool:
        same = address in self.network if self.network else host == self.host
        return same and (port == self.port if self.port else port in _PORTS)


class Destinations:
    """Which addresses may be visited.

    `named` are hosts, addresses and networks besides the public ones, apart by commas; a port other
    than 80 and 443 is named with them: "intranet.example, 192.168.1.0/24, 127.0.0.1:8000". Raises
    SettingsError where they cannot be understood.
    """

    def __init__(self, named: str = "", resolve: Resolve = resolve) -> None:
        self._named = [_parsed(entry) for entry in re.split(r"[,\s]+", named) if entry]
        self._resolve = resolve

    def check(self, url: httpx.URL) -> None:
        """Look at what an address says of itself. Raises NotFetched, with the reason."""
        if url.scheme not in ("http", "https"):
            raise NotFetched("Only addresses that begin with http:// or https:// are fetched.")
        if not url.raw_host:
            raise NotFetched("The address names no host.")
        if url.userinfo:
            raise NotFetched("Addresses with a user name or a password in them are not fetched.")

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, any of which may be connected to at the port.

        Raises NotFetched where one of them may not, UnknownHost where there is none.
        """
        host = host.lower().rstrip(".").strip("[]")
        try:
            said = within(_RESOLVING, self._resolve, host, port)
            found = [ip_address(text.partition("%")[0]) for text in said]
        except TimeoutError as error:
            raise UnknownHost(f"Nobody says in {_RESOLVING:g} seconds where {host} is: try again.") from error
        except (OSError, UnicodeError, ValueError) as error:
            raise UnknownHost(f"The host {host} is not known.") from error
        if not found:
            raise UnknownHost(f"The host {host} is not known.")
        for address in found:
            self._check(host, address, port)
        return [str(address) for address in found]

    def _check(self, host: str, address: Address, port: int) -> None:
        if any(entry.covers(host, address, port) for entry in self._named):
            return
        if not is_public(address):
            raise NotFetched(
                f"{host} is in a private or reserved network ({address}): if that is meant, name it in"
                " BYLINE_VISIT."
            )
        if port not in _PORTS:
            raise NotFetched(
                f"Port {port} is not fetched from: name {host}:{port} in BYLINE_VISIT if it is meant."
            )


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, an IPv4 address inside it included."""
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local or not all(is_public(one) for one in inner if one):
            return False
        if address.ipv4_mapped:
            return True
    unusual = (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_link_local
        or address.is_loopback
        or address.is_unspecified
    )
    return address.is_global and not unusual


def _parsed(entry: str) -> _Named:
    try:
        network = ip_network(entry, strict=False)
        return _Named("", network, None)
    except ValueError:
        pass
    match = _ENTRY.fullmatch(entry)
    if not match:
        raise SettingsError(f"BYLINE_VISIT cannot be used: {entry} is neither a host nor a network.")
    host = match["host"].strip("[]").lower().rstrip(".")
    port = int(match["port"]) if match["port"] else None
    try:
        return _Named("", ip_network(host), port)
    except ValueError:
        return _Named(host, None, port)
