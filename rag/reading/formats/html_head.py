"""Read the metadata of a page: meta tags, linked data (schema.org in JSON-LD), links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from rag.reading.cleaning.encoding import wash
from rag.reading.formats.document_properties import document_author
from rag.reading.formats.html_lines import element_text

_AUTHORS = (
    "author article:author dc.creator dcterms.creator byl parsely-author citation_author og:article:author"
)
_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_SCRIPT_COMMENT = re.compile(
    r"^\s*(?:(?://|/\*)?\s*<!(?:\[CDATA\[|--)(?:\s*\*/)?)|(?:(?://|/\*)?\s*(?:\]\]|--)>(?:\s*\*/)?)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MAX_NODES = 2_000
"""Maximum nodes of linked data that are read. Not fitted."""


@dataclass(frozen=True, slots=True)
class PageHead:
    """The metadata of a page, "" or empty if missing.

    `title`: of the title element. `meta`: the first content of each meta tag, by its name in lower case.
    `linked`: the nodes of the linked data, articles first. `url`: the canonical address.
    """

    title: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    linked: Sequence[Mapping[str, Any]] = ()
    url: str = ""

    @property
    def titles(self) -> list[str]:
        """The titles in meta tags and linked data, that of the title element last."""
        stated = [self.meta.get(name, "") for name in _TITLES]
        stated += [str(node["headline"]) for node in self.linked if isinstance(node.get("headline"), str)][:1]
        return [" ".join(each.split()) for each in (*stated, self.title) if each.strip()]

    @property
    def descriptions(self) -> list[str]:
        """The summaries of the article."""
        stated = [self.meta.get(name, "") for name in _DESCRIPTIONS]
        stated += [str(node.get("description") or "") for node in self.linked]
        return [" ".join(each.split()) for each in stated if each]

    @property
    def outlet(self) -> str:
        """The name of the site."""
        return self.meta.get("og:site_name", "")

    @property
    def author(self) -> str:
        """The author's name; addresses and accounts are not names."""
        stated = [self.meta.get(name, "") for name in _AUTHORS.split()]
        stated += [name for node in self.linked for name in _names(node.get("author"))]
        return next((name for name in stated if document_author(name)), "")


def read_head(tree: Any, address: str = "") -> PageHead:
    """Read a page's metadata; `address` is its address, used if the page does not state one."""
    meta = dict[str, str]()
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        if tag.get("content"):
            meta.setdefault(name.lower(), wash(tag.get("content")).strip())
    title = next((element_text(each) for each in tree.iter("title")), "")
    canonical = [
        str(link.get("href", "")) for link in tree.iter("link") if "canonical" in link.get("rel", "").split()
    ]
    urls = [*canonical, meta.get("og:url", ""), address]
    return PageHead(
        wash(title),
        meta,
        sorted(_linked(tree), key=lambda node: "Article" not in str(node.get("@type"))),
        next(filter(_ADDRESS.fullmatch, urls), ""),
    )


def path_of(url: str) -> str:
    """Return the path of an address; "" if it is not an address."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """Return the host of an address; "" if it is not an address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _linked(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the nodes of a page's linked data; scripts that are not JSON are skipped."""
    left = _MAX_NODES
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", "").lower():
            continue
        waiting = [_loaded(script.text or "")]
        while waiting and left:
            node = waiting.pop(0)
            left -= 1
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                yield node
                waiting += [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]


def _loaded(text: str) -> Any:
    """Parse JSON, also within a comment or with trailing commas; None if it is not JSON."""
    text = _SCRIPT_COMMENT.sub("", text)
    for each in (text, _TRAILING_COMMA.sub(r"\1", text)):
        with suppress(ValueError, RecursionError):
            return json.loads(each, strict=False)
    return None


def _names(author: Any) -> Iterator[str]:
    for each in author if isinstance(author, list) else [author]:
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict) and isinstance(each.get("name"), str):
            yield each["name"]
