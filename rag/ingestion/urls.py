"""Fetch pages into files, and store their HTTP validators once their articles have been written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from rag.errors import NotFetched
from rag.reading import SUFFIXES, ReadRequest
from rag.store.originals import Original
from rag.store.store import Store
from rag.web.fetcher import FetchedPage, Fetcher, parse_url


def is_address(text: str) -> bool:
    """Tell whether a text is a URL of any scheme, rather than a path, which may begin with a drive (C:)."""
    return bool(re.match(r"[a-z][a-z0-9+.-]+:", text, re.I))


def normalised(address: str) -> str:
    """Normalise an HTTP address; other texts are returned unchanged."""
    try:
        url = parse_url(address)
    except NotFetched:
        return address
    return str(url) if url.scheme in ("http", "https") else address


class Addresses:
    """Fetches pages into a temporary folder that exists during the `with` block.

    `given` maps addresses to articles as JSON objects, which are used instead of a page. `reread`: use kept
    originals instead of fetching pages. `keep`: keep the originals of fetched pages.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        store: Store,
        given: Mapping[str, bytes] = MappingProxyType({}),
        *,
        keep: bool = True,
        reread: bool = False,
    ) -> None:
        self._fetcher, self._validators, self._originals = fetcher, store.http_validators, store.originals
        self._given, self._keep, self._reread = given, keep, reread
        self._pages: dict[str, FetchedPage] = {}

    def __enter__(self) -> Addresses:
        self._folder = TemporaryDirectory(prefix="byline-pages-", ignore_cleanup_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def fetch(self, address: str, digest: str) -> ReadRequest | None:
        """Fetch a page into a file and return the request to read it, None if it is unchanged.

        `digest` is that of the last version. Raises NotFetched.
        """
        page = self._local_page(address) or self._fetcher.fetch(address, *self._validators_of(address))
        if page is None:
            return None
        if page.suffix == ".xml":
            raise NotFetched("feed")
        if page.suffix not in SUFFIXES:
            raise NotFetched("neither")
        path = Path(self._folder.name) / f"{len(self._pages)}{page.suffix}"
        path.write_bytes(page.data)
        self._pages[address] = page
        return ReadRequest(path, address, page.suffix, digest)

    def _local_page(self, address: str) -> FetchedPage | None:
        """Return a given article or a kept original, if any."""
        if address in self._given:
            return FetchedPage(address, self._given[address], ".json")
        kept = self._originals.get(address) if self._reread else None
        if kept is None:
            return None
        return FetchedPage(address, kept.data, kept.suffix, *self._validators.get(address))

    def _validators_of(self, address: str) -> tuple[str, str]:
        """Return ETag and Last-Modified for a conditional request; "" for a page that is read again."""
        return ("", "") if self._reread else self._validators.get(address)

    def written(self, files: Iterable[str]) -> None:
        """Store validators (ETag, Last-Modified) and originals of addresses whose articles were written."""
        for file in files:
            if page := self._pages.pop(file, None):
                self._validators.record(file, page.etag, page.modified)
                if self._keep:
                    self._originals.keep(file, Original(page.data, page.suffix))
