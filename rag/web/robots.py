"""What sites ask of those that are no browsers: robots.txt (RFC 9309)."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import httpx
from protego import Protego

from rag.errors import NotFetched

AGENT = "Byline"
"""The name that robots.txt may speak of."""
_KEPT, _FRESH = 500, 3600.0
"""Sites that are remembered, and for how many seconds."""
_SLOWEST = 10.0
"""Seconds between two pages of a site, at the most, however many it asks for."""

Get = Callable[[str], tuple[int, bytes]]
"""Fetches an address: status and body. Raises NotFetched."""


class Robots:
    """The rules of sites, each fetched once an hour. Thread safe."""

    def __init__(self, pause: float = 1.0) -> None:
        self._pause = pause
        self._rules: OrderedDict[str, tuple[float, Protego]] = OrderedDict()
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def check(self, url: httpx.URL, get: Get) -> float:
        """The seconds to wait before the page is fetched. Raises NotFetched where the site forbids it."""
        site = f"{url.scheme}://{url.netloc.decode('ascii')}"
        rules = self._of(site, get)
        if not rules.can_fetch(str(url), AGENT):
            raise NotFetched("The site asks programs not to read this page (robots.txt).")
        pause = min(max(self._pause, rules.crawl_delay(AGENT) or 0), _SLOWEST) if self._pause else 0
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(site, now))
            self._next = {s: t for s, t in self._next.items() if t > now} | {site: turn + pause}
        return turn - now

    def _of(self, site: str, get: Get) -> Protego:
        with self._lock:
            known = self._rules.get(site)
        if known and time.monotonic() - known[0] < _FRESH:
            return known[1]
        status, body = get(f"{site}/robots.txt")
        rules = Protego.parse(_said(status, body))
        with self._lock:
            self._rules[site] = (time.monotonic(), rules)
            while len(self._rules) > _KEPT:
                self._rules.popitem(last=False)
        return rules


def _said(status: int, body: bytes) -> str:
    if status == 200:
        return body.decode("utf-8", "replace")
    if 400 <= status < 500 and status != 429:  # there are no rules
        return ""
    return "User-agent: *\nDisallow: /"
