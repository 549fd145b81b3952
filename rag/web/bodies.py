"""What a server sends → bytes that can be read: unpacked within limits, in a known format and encoding."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import httpx

from rag.errors import NotFetched
from rag.reading import SUFFIXES

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
TEXT = {".html", ".txt", ".md", ".csv"}
"""Formats whose encoding a server may name."""
_XML = re.compile(r"(text|application)/(\w+\+)?xml")


def read(chunks: Iterable[bytes], said: httpx.Headers, most: int, *, cut: bool = False) -> bytes:
    """All of a body, unpacked. Raises NotFetched beyond `most` bytes, unless the rest may be cut off."""
    body = bytearray()
    for piece in _unpacked(chunks, said.get("content-encoding", ""), most):
        body += piece
        if len(body) > most:
            if cut:
                break
            raise NotFetched(f"It is larger than {most / 1_000_000:g} MB.")
    return bytes(body[:most])


def suffix(said: httpx.Headers, url: httpx.URL) -> str:
    """What a server says that it is; where it says little, how the address ends."""
    kind = said.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _FORMATS:
        return _FORMATS[kind]
    if _XML.fullmatch(kind):
        return ".xml"
    ending = PurePosixPath(url.path).suffix.lower()
    return ending if ending in SUFFIXES and kind in ("", "application/octet-stream") else ""


def as_utf8(data: bytes, said: httpx.Headers) -> bytes:
    """Text in UTF-8, and marked as such, where the server says truly which other encoding it is in."""
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", said.get("content-type", ""), re.I)
    try:
        if match and codecs.lookup(match[1]).name != "utf-8":
            return codecs.BOM_UTF8 + data.decode(match[1], "strict").encode("utf-8")
    except (LookupError, ValueError):
        pass
    return data


def _unpacked(chunks: Iterable[bytes], encoding: str, most: int) -> Iterator[bytes]:
    """Packed pieces grow a thousandfold: each is unpacked to `most` bytes at once and not one more."""
    if encoding.strip().lower() in ("", "identity"):
        yield from chunks
        return
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise NotFetched(f"It is packed in a way that was not asked for ({encoding}).")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, as its head says
    try:
        for chunk in chunks:
            yield unpacker.decompress(chunk, most + 1)
            if unpacker.eof or unpacker.unconsumed_tail:
                return
        raise zlib.error("cut short")
    except zlib.error as error:
        raise NotFetched(f"It came damaged ({error}): try again.") from error
