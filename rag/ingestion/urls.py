"""Fetch addresses into files to read; store HTTP validators once their articles are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from rag.errors import NotFetched
from rag.reading import SUFFIXES, Wanted
from rag.store.http_validators import HttpValidators
from rag.web.fetcher import FetchedPage, Fetcher, parsed


def is_address(text: str) -> bool:
    """Tell whether a text is a URL of any scheme rather than a path (also on a drive such as C:)."""
    return bool(re.match(r"[a-z][a-z0-9+.-]+:", text, re.I))


def normal(address: str) -> str:
    """Normalise an HTTP address; other texts stay as they are."""
    try:
        url = parsed(address)
    except NotFetched:
        return address
    return str(url) if url.scheme in ("http", "https") else address


class Addresses:
    """Fetches pages into a temporary folder that exists while the `with` block runs.

    `given` maps addresses to articles as JSON objects; these addresses are not fetched.
    """

    def __init__(
        self, fetcher: Fetcher, validators: HttpValidators, given: Mapping[str, bytes] = MappingProxyType({})
    ) -> None:
        self._fetcher, self._validators, self._given = fetcher, validators, given
        self._pages: dict[str, FetchedPage] = {}

    def __enter__(self) -> Addresses:
        self._folder = TemporaryDirectory(prefix="byline-pages-", ignore_cleanup_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def fetch(self, address: str, digest: str) -> Wanted | None:
        """Fetch a page into a file; None where it has not changed. Raises NotFetched."""
        if address in self._given:
            page: FetchedPage | None = FetchedPage(address, self._given[address], ".json")
        else:
            page = self._fetcher.fetch(address, *self._validators.get(address))
        if page is None:
            return None
        if page.suffix == ".xml":
            raise NotFetched("feed")
        if page.suffix not in SUFFIXES:
            raise NotFetched("neither")
        path = Path(self._folder.name) / f"{len(self._pages)}{page.suffix}"
        path.write_bytes(page.data)
        self._pages[address] = page
        return Wanted(path, address, page.suffix, digest)

    def written(self, files: Iterable[str]) -> None:
        """Store the HTTP validators (ETag, Last-Modified) of addresses whose articles are written."""
        for file in files:
            if page := self._pages.pop(file, None):
                self._validators.record(file, page.etag, page.modified)
