"""Robots exclusion protocol (RFC 9309): rules of sites, and the delay between requests."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import httpx
from protego import Protego

from rag.errors import NotFetched

AGENT = "Byline"
"""The user agent in the rules of robots.txt."""
_CACHE_SIZE, _CACHE_S = 500, 3600.0
"""Maximum number of sites whose rules are cached, and maximum age; RFC 9309 allows 24 h. Not fitted."""
_MAX_DELAY_S = 10.0
"""Maximum delay between two requests to a site, whatever crawl delay it asks for. Not fitted."""

Get = Callable[[str], tuple[int, bytes]]
"""Fetches a URL; returns status and body. Raises NotFetched."""


class Robots:
    """The rules of sites, each cached for an hour. Thread safe."""

    def __init__(self, pause: float = 1.0) -> None:
        self._pause = pause
        self._rules: OrderedDict[str, tuple[float, Protego]] = OrderedDict()
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def check(self, url: httpx.URL, get: Get) -> float:
        """Return the delay before a page may be fetched, in s. Raises NotFetched if it is disallowed."""
        site = f"{url.scheme}://{url.netloc.decode('ascii')}"
        rules = self._of(site, get)
        if not rules.can_fetch(str(url), AGENT):
            raise NotFetched("robots")
        pause = min(max(self._pause, rules.crawl_delay(AGENT) or 0), _MAX_DELAY_S) if self._pause else 0
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(site, now))
            self._next = {s: t for s, t in self._next.items() if t > now} | {site: turn + pause}
        return turn - now

    def _of(self, site: str, get: Get) -> Protego:
        with self._lock:
            cached = self._rules.get(site)
        if cached and time.monotonic() - cached[0] < _CACHE_S:
            return cached[1]
        status, body = get(f"{site}/robots.txt")
        rules = Protego.parse(_rules_of(status, body))
        with self._lock:
            self._rules[site] = (time.monotonic(), rules)
            while len(self._rules) > _CACHE_SIZE:
                self._rules.popitem(last=False)
        return rules


def _rules_of(status: int, body: bytes) -> str:
    if status == 200:
        return body.decode("utf-8", "replace")
    if 400 <= status < 500 and status != 429:  # the site has no rules
        return ""
    return "User-agent: *\nDisallow: /"
