"""Read plain text and Markdown; HTML pages are recognised whatever the file's suffix is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from rag.reading.cleaning.encoding import decode, wash
from rag.reading.cleaning.line_wrapping import unwrap
from rag.reading.cleaning.publication_dates import parse_date
from rag.reading.formats.frontmatter import AUTHOR, LANGUAGE, OUTLET, PUBLISHED, TITLE, URL, first, split_off
from rag.reading.formats.html import read_page
from rag.reading.formats.markdown import to_lines
from rag.reading.raw_article import RawArticle, is_same_title, language_code

_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_ADDRESS = re.compile(r"https?://[^\s\[\]]+")


def plain(data: bytes, address: str = "") -> RawArticle:
    """Read plain text, or an HTML page that was saved as such."""
    text = decode(data)
    if _PAGE.match(text):
        return page_text(text, address)
    return RawArticle(unwrap(text.split("\n")))


def page(data: bytes, address: str = "") -> RawArticle:
    """Read an HTML page; `address` is its address, if known."""
    return page_text(decode(data, html=True), address)


def page_text(text: str, address: str = "") -> RawArticle:
    """Read an HTML page that is already decoded."""
    return read_page(text, address)


def markdown(data: bytes, address: str = "") -> RawArticle:
    """Read Markdown with its front matter, or an HTML page that was saved as such."""
    text = decode(data)
    if _PAGE.match(text):
        return page_text(text, address)
    values, body = split_off(text)
    heading, lines = to_lines(body)
    title = first(values, TITLE)
    if title and heading and not is_same_title(title, heading):
        lines = [heading, "", *lines]
    language = language_code(first(values, LANGUAGE))
    source = first(values, OUTLET)
    url = first(values, URL) or source
    return RawArticle(
        unwrap(lines),
        wash(title or heading),
        language,
        parse_date(first(values, PUBLISHED), language),
        wash(outlet_of(source)).strip(),
        author=wash(first(values, AUTHOR)).strip(),
        url=url if _ADDRESS.fullmatch(url) else "",
    )


def outlet_of(value: str) -> str:
    """Return an outlet's name; for an address, its host without "www."."""
    host = urlsplit(value).hostname if _ADDRESS.fullmatch(value) else None
    return (host or value).removeprefix("www.")
