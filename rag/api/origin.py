"""Tells requests of programs on this machine from those of other machines, and of pages in a browser."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers of a proxy, behind which another machine may be."""
_OWN_SITE = {"", "none", "same-origin"}
"""Values of Sec-Fetch-Site of requests that no other page makes; "" if there is no browser."""


def is_loopback(host: str) -> bool:
    """Tell whether a host, without its port, is this machine's loopback interface."""
    try:
        return host.lower() == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_own_program(scope: Scope) -> bool:
    """Tell whether a request comes from a program on this machine, or from the server's own page.

    A page of another site is told by its Origin; where it has this machine as the address of its own name
    (DNS rebinding), by its Host.
    """
    headers, client = Headers(scope=scope), scope.get("client")
    hosts = headers.getlist("host")
    if not client or not is_loopback(client[0]) or len(hosts) != 1 or not is_loopback(_name(hosts[0])):
        return False
    own = [[], [f"http://{hosts[0]}"], [f"https://{hosts[0]}"]]
    foreign = headers.getlist("origin") not in own or headers.get("sec-fetch-site", "") not in _OWN_SITE
    return not foreign and not any(name in headers for name in _FORWARDED)


def _name(host: str) -> str:
    """Return a Host header without the port."""
    return host.partition("]")[0] if host.startswith("[") else host.partition(":")[0]
