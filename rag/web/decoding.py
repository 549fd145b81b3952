"""Decode responses: decompression within a size limit, file format, character encoding."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import httpx

from rag.errors import NotFetched
from rag.reading import SUFFIXES
from rag.reading.cleaning.encoding import is_mojibake

_FORMATS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "multipart/related": ".mhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/json": ".json",
    "text/csv": ".csv",
    "message/rfc822": ".eml",
    "application/zip": ".zip",
}
TEXT_SUFFIXES = {".html", ".txt", ".md", ".csv"}
"""Formats to which the charset of Content-Type applies."""
_XML = re.compile(r"(text|application)/(\w+\+)?xml")


def read_body(chunks: Iterable[bytes], headers: httpx.Headers, max_bytes: int, *, cut: bool = False) -> bytes:
    """Return a decompressed body. Beyond `max_bytes`, truncate it if `cut`, else raise NotFetched."""
    body = bytearray()
    for piece in _decompressed(chunks, headers.get("content-encoding", ""), max_bytes):
        body += piece
        if len(body) > max_bytes:
            if cut:
                break
            raise NotFetched("larger_page", n=max_bytes / 1_000_000)
    return bytes(body[:max_bytes])


def suffix_of(headers: httpx.Headers, url: httpx.URL) -> str:
    """Return the format as a file suffix, from Content-Type or else the URL; "" if unknown."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in _FORMATS:
        return _FORMATS[media_type]
    if _XML.fullmatch(media_type):
        return ".xml"
    url_suffix = PurePosixPath(url.path).suffix.lower()
    return url_suffix if url_suffix in SUFFIXES and media_type in ("", "application/octet-stream") else ""


def as_utf8(data: bytes, headers: httpx.Headers) -> bytes:
    """Convert text from the server's charset to UTF-8 with BOM, unless that charset is wrong."""
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", headers.get("content-type", ""), re.I)
    try:
        if match and codecs.lookup(match[1]).name != "utf-8":
            text = data.decode(match[1], "strict")
            return data if is_mojibake(text) else codecs.BOM_UTF8 + text.encode("utf-8")
    except (LookupError, ValueError):
        pass
    return data


def _decompressed(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> Iterator[bytes]:
    """Decompress chunks, to at most `max_bytes` + 1 bytes each: compressed data can grow 1,000-fold."""
    if encoding.strip().lower() in ("", "identity"):
        yield from chunks
        return
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise NotFetched("packed", encoding=encoding)
    decompressor = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, by the header
    try:
        for chunk in chunks:
            yield decompressor.decompress(chunk, max_bytes + 1)
            if decompressor.eof or decompressor.unconsumed_tail:
                return
        raise zlib.error("cut short")
    except zlib.error as error:
        raise NotFetched("page_damaged", error=error) from error
