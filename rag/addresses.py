"""Addresses → files to read. What their servers said is noted once their articles are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from rag.errors import NotFetched
from rag.reading import SUFFIXES, Wanted
from rag.store.visits import Visits
from rag.web.visiting import Page, Visitor, parsed


def is_address(text: str) -> bool:
    """Whether a text is an address, of whatever kind, and no path; a drive's letter begins none."""
    return bool(re.match(r"[a-z][a-z0-9+.-]+:", text, re.I))


def normal(address: str) -> str:
    """An address in the form that it is kept in; one that is none stays as it is."""
    try:
        url = parsed(address)
    except NotFetched:
        return address
    return str(url) if url.scheme in ("http", "https") else address


class Addresses:
    """Fetches pages into a folder of its own, which lasts as long as this is entered.

    Of addresses that are in `given` the article is there already, as an object of JSON: none is visited.
    """

    def __init__(
        self, visitor: Visitor, visits: Visits, given: Mapping[str, bytes] = MappingProxyType({})
    ) -> None:
        self._visitor, self._visits, self._given = visitor, visits, given
        self._pages: dict[str, Page] = {}

    def __enter__(self) -> Addresses:
        self._folder = TemporaryDirectory(prefix="byline-pages-", ignore_cleanup_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def fetch(self, address: str, digest: str) -> Wanted | None:
        """The page as a file to read; None where it has not changed. Raises NotFetched."""
        if address in self._given:
            page: Page | None = Page(address, self._given[address], ".json")
        else:
            page = self._visitor.visit(address, *self._visits.last(address))
        if page is None:
            return None
        if page.suffix == ".xml":
            raise NotFetched("It is a feed: subscribe to it (python -m rag feeds add ADDRESS).")
        if page.suffix not in SUFFIXES:
            raise NotFetched("It is neither a page nor a document that Byline reads.")
        path = Path(self._folder.name) / f"{len(self._pages)}{page.suffix}"
        path.write_bytes(page.data)
        self._pages[address] = page
        return Wanted(path, address, page.suffix, digest)

    def written(self, files: Iterable[str]) -> None:
        """Note what to ask the servers next time, of those addresses that are written by now."""
        for file in files:
            if page := self._pages.pop(file, None):
                self._visits.note(file, page.etag, page.modified)
