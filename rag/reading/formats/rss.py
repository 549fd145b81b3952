"""RSS and Atom: an article for each entry, from as much of it as the feed has, by feedparser (BSD)."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from rag.errors import Unreadable
from rag.locales.message import Message
from rag.reading.cleaning.encoding import wash, xml_as_utf8
from rag.reading.cleaning.publication_dates import parse_date
from rag.reading.formats.html import read_fragment
from rag.reading.raw_article import RawArticle, Unread, language_code

_MOST = 500
"""Entries of a feed that are read, the first ones: feeds begin with the newest."""
_ADDRESS = re.compile(r"https?://\S+")
_UTF8 = {"content-type": "application/xml; charset=utf-8"}
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]{0,500}\[", re.IGNORECASE)


def read_feed(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield the entries. Raises Unreadable where it is no feed.

    A draft's place is the entry's own key, its `url` the page that it leads to; its lines are all that
    the feed has of it, perhaps only its first sentences.
    """
    import feedparser

    data = xml_as_utf8(data)
    if _DOCTYPE.search(data[:4096]):
        raise Unreadable("feed_entities")
    # as a stream: a text might be taken for an address, and fetched
    found: Any = feedparser.parse(
        BytesIO(data), sanitize_html=False, resolve_relative_uris=False, response_headers=_UTF8
    )
    if not found.get("version"):  # absent where nothing but white space was found
        raise Unreadable("not_a_feed")
    about = found.feed
    language, outlet = language_code(str(about.get("language", ""))), _text(about.get("title", ""))
    taken = set[str]()
    for entry in found.entries[:_MOST]:
        draft = _draft(entry, language, outlet)
        if draft.place not in taken:
            taken.add(draft.place)
            yield draft if any(draft.lines) else Unread(draft.place, Message.of("entry_empty"))


def _draft(entry: Any, language: str, outlet: str) -> RawArticle:
    link = str(entry.get("link", "")).strip()
    url = link if _ADDRESS.fullmatch(link) else ""
    key = " ".join((str(entry.get("id", "")) or url or str(entry.get("title", ""))).split())[:300]
    title = " ".join(read_fragment(str(entry.get("title", ""))))
    lines = read_fragment(_body(entry)) or [title]  # many feeds have no more than titles
    author = _text(entry.get("author", ""))
    return RawArticle(
        lines, title, language, _day(entry), outlet, "" if "@" in author else author, url, f"#{key}"
    )


def _body(entry: Any) -> str:
    """The longest of what the entry has of its text."""
    said = [str(part.get("value", "")) for part in entry.get("content", [])] + [str(entry.get("summary", ""))]
    return max(said, key=len)


def _day(entry: Any) -> date | None:
    """The day of publication, else of the last change, in any language; none that is in the future."""
    for name in ("published_parsed", "updated_parsed"):
        if moment := dict.get(entry, name):  # feedparser's own `get` takes one for the other, and warns
            try:
                day = datetime.fromtimestamp(timegm(moment), UTC).date()
            except (ValueError, OverflowError, OSError):
                continue
            if date(1990, 1, 1) <= day <= date.today():
                return day
    return parse_date(str(dict.get(entry, "published") or dict.get(entry, "updated") or ""))


def _text(value: Any) -> str:
    return wash(" ".join(str(value).split()))
