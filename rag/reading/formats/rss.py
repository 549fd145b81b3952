"""Read RSS and Atom feeds, by feedparser (BSD): an article for each entry, of the text in the feed."""

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
from rag.reading.raw_article import ADDRESS, RawArticle, Unread, language_code
from rag.types import LeftOut

_MAX_ENTRIES = 500
"""Maximum entries that are read, from the first: feeds begin with the newest. Not fitted."""
_UTF8 = {"content-type": "application/xml; charset=utf-8"}
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]{0,500}\[", re.IGNORECASE)


def read_feed(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield an article for each entry. Raises Unreadable if the data are not a feed.

    `place` is the entry's own key, `url` the page that it links to. The text is the feed's, which may be only
    a summary.
    """
    import feedparser

    data = xml_as_utf8(data)
    if _DOCTYPE.search(data[:4096]):
        raise Unreadable("feed_entities")
    # As a stream, because feedparser fetches a text that looks like an address.
    found: Any = feedparser.parse(
        BytesIO(data), sanitize_html=False, resolve_relative_uris=False, response_headers=_UTF8
    )
    if not found.get("version"):  # missing if there is only white space
        raise Unreadable("not_a_feed")
    about = found.feed
    language, outlet = language_code(str(about.get("language", ""))), _text(about.get("title", ""))
    taken = set[str]()
    for entry in found.entries[:_MAX_ENTRIES]:
        article = _article(entry, language, outlet)
        if article.place not in taken:
            taken.add(article.place)
            yield article if any(article.lines) else Unread(article.place, Message.of("entry_empty"))


def _article(entry: Any, language: str, outlet: str) -> RawArticle:
    link = str(entry.get("link", "")).strip()
    url = link if ADDRESS.fullmatch(link) else ""
    key = " ".join((str(entry.get("id", "")) or url or str(entry.get("title", ""))).split())[:300]
    title = " ".join(read_fragment(str(entry.get("title", ""))))
    left = list[LeftOut]()
    lines = read_fragment(_body(entry), left) or [title]  # many feeds have only titles
    author = _text(entry.get("author", ""))
    author = "" if "@" in author else author
    return RawArticle(lines, title, language, _day(entry), outlet, author, url, f"#{key}", left)


def _body(entry: Any) -> str:
    """Return the longest of an entry's texts: contents and summary."""
    texts = [str(part.get("value", "")) for part in entry.get("content", [])]
    return max([*texts, str(entry.get("summary", ""))], key=len)


def _day(entry: Any) -> date | None:
    """Return the date of publication, else of the last change, if it is from 1990 to today."""
    for name in ("published_parsed", "updated_parsed"):
        if moment := dict.get(entry, name):  # feedparser's `get` substitutes one for the other, and warns
            try:
                day = datetime.fromtimestamp(timegm(moment), UTC).date()
            except (ValueError, OverflowError, OSError):
                continue
            if date(1990, 1, 1) <= day <= date.today():
                return day
    return parse_date(str(dict.get(entry, "published") or dict.get(entry, "updated") or ""))


def _text(value: Any) -> str:
    return wash(" ".join(str(value).split()))
