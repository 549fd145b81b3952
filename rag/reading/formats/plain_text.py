"""Texts: plain, Markdown, and pages of HTML, whatever their files are called."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from rag.reading.cleaning.encoding import decode, wash
from rag.reading.cleaning.line_wrapping import unwrap
from rag.reading.cleaning.publication_dates import parse_date
from rag.reading.formats.frontmatter import AUTHOR, LANGUAGE, OUTLET, PUBLISHED, TITLE, URL, first, split_off
from rag.reading.formats.html import read_page
from rag.reading.formats.markdown import reduce
from rag.reading.raw_article import RawArticle, language_code, same

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_ADDRESS = re.compile(r"https?://[^\s\[\]]+")


def plain(data: bytes, address: str = "") -> RawArticle:
    """Read plain text; a page that was saved as one is read as a page."""
    text = decode(data)
    if _PAGE.match(text):
        return page_text(text, address)
    return RawArticle(unwrap(text.split("\n")))


def page(data: bytes, address: str = "") -> RawArticle:
    """Read a page; `address` is where it stands, if that is known."""
    return page_text(decode(data, html=True), address)


def page_text(text: str, address: str = "") -> RawArticle:
    """Read a page that is text already."""
    return read_page(text, address)


def markdown(data: bytes, address: str = "") -> RawArticle:
    """Read Markdown with its front matter; a page that was saved as such is read as a page."""
    text = decode(data)
    if _PAGE.match(text):
        return page_text(text, address)
    said, body = split_off(text)
    heading, lines = reduce(body)
    title = first(said, TITLE)
    if title and heading and not same(title, heading):
        lines = [heading, "", *lines]
    language = language_code(first(said, LANGUAGE))
    source = first(said, OUTLET)
    url = first(said, URL) or source
    return RawArticle(
        unwrap(lines),
        wash(title or heading),
        language,
        parse_date(first(said, PUBLISHED), language),
        wash(outlet_of(source)).strip(),
        author=wash(first(said, AUTHOR)).strip(),
        url=url if _ADDRESS.fullmatch(url) else "",
    )


def outlet_of(said: str) -> str:
    """Return an outlet's name; of an address, its host."""
    host = urlsplit(said).hostname if _ADDRESS.fullmatch(said) else None
    return (host or said).removeprefix("www.")
