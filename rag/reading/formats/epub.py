"""Read EPUB: an article for each chapter in the book's table of contents."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from rag.errors import Unreadable
from rag.reading.cleaning.encoding import decode
from rag.reading.cleaning.line_rules import ends_sentence
from rag.reading.cleaning.publication_dates import parse_date
from rag.reading.formats.html import read_fragment
from rag.reading.formats.xml_documents import parse_member, words_of
from rag.reading.formats.zip_archive import Archive
from rag.reading.raw_article import RawArticle, Unread, language_code

_MAX_CHAPTER_BYTES = 20_000_000
"""Maximum size of a chapter. Not fitted."""
_NO_CHAPTER = re.compile(
    r"cover|title-?page|halftitle|copyright|imprint|colophon|toc|contents|landmarks|index|dedication", re.I
)
_NUMBER_ONLY = re.compile(
    r"(?:chapter|chapitre|part|partie|chương|phần|глава|часть|kapitel|capítulo|section)?\s*"
    r"(?:\d+|[ivxlc]+|[一二三四五六七八九十百]+)\.?|第[\d一二三四五六七八九十百]+[章回节部卷]",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Book:
    """The package document: properties, chapters' paths in reading order (`spine`), titles by path."""

    title: str
    author: str
    language: str
    published: str
    spine: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def read_book(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield the chapters of a book. Raises Unreadable if it is not a book, is encrypted, or has no text.

    Files that the table of contents does not name belong to the chapter before them.
    """
    archive = Archive(data)
    if "META-INF/encryption.xml" in archive.names() and _is_encrypted(archive):
        raise Unreadable("drm")
    book = _package(archive)
    chapters, broken = _chapters(book, archive)
    if not chapters and not broken:
        raise Unreadable("no_text_in_it")
    yield from broken
    for path, lines in chapters:
        yield RawArticle(
            lines,
            _chapter_title(book, book.names.get(path, "")),
            book.language,
            parse_date(book.published, book.language),
            outlet=book.title,
            author=book.author,
            place=f"!/{path}",
        )


def _chapter_title(book: _Book, name: str) -> str:
    """Return a chapter's title; one that is only a number follows the book's title."""
    return f"{book.title}: {name}" if book.title and _NUMBER_ONLY.fullmatch(name) else name


def _chapters(book: _Book, archive: Archive) -> tuple[list[tuple[str, list[str]]], list[Unread]]:
    chapters, broken = list[tuple[str, list[str]]](), list[Unread]()
    for path in book.spine:
        try:
            lines = read_fragment(decode(archive.read(path, _MAX_CHAPTER_BYTES), html=True))
        except Unreadable as error:
            broken.append(Unread(f"!/{path}", error.message))
            continue
        if chapters and book.names and path not in book.names:
            chapters[-1][1].extend(["", *lines])
        elif any(map(ends_sentence, lines)):
            chapters.append((path, lines))
    return chapters, broken


def _is_encrypted(archive: Archive) -> bool:
    """Tell whether pages are encrypted, not only fonts."""
    encrypted = archive.read("META-INF/encryption.xml", _MAX_CHAPTER_BYTES).decode("utf-8", "replace")
    return re.search(r"\.x?html?[\"']", encrypted, re.IGNORECASE) is not None


def _package(archive: Archive) -> _Book:
    """Read the package document, without chapters such as covers and indexes."""
    container = parse_member(archive, "META-INF/container.xml", "not_epub")
    package = next((str(e.get("full-path")) for e in container.iter("{*}rootfile")), "")
    root = parse_member(archive, package, "not_epub")
    language = language_code(_property(root, "language"))
    book = _Book(_property(root, "title"), _property(root, "creator"), language, _property(root, "date"))
    items = {str(item.get("id")): item for item in root.iter("{*}item")}
    paths = {key: _resolved(package, str(item.get("href", ""))) for key, item in items.items()}
    for reference in root.iter("{*}itemref"):
        key = str(reference.get("idref"))
        properties = str(items[key].get("properties", "")) if key in items else "nav"
        if reference.get("linear") != "no" and "nav" not in properties.split():
            book.spine.append(paths[key])
    book.names = _names(archive, items, paths)
    unwanted = {path for path, name in book.names.items() if _NO_CHAPTER.fullmatch(name)}
    unwanted |= {
        path for path in book.spine if _NO_CHAPTER.match(path.rpartition("/")[2])
    } - book.names.keys()
    book.spine = [path for path in book.spine if path not in unwanted]
    return book


def _names(archive: Archive, items: dict[str, Any], paths: dict[str, str]) -> dict[str, str]:
    """Return the titles of chapters by path, from EPUB 3's navigation document or EPUB 2's NCX."""
    for key, item in items.items():
        if "nav" in str(item.get("properties", "")).split():
            links = parse_member(archive, paths[key], "not_epub").iter("{*}a")
            return _first((_resolved(paths[key], str(a.get("href", ""))), words_of(a)) for a in links)
    for key, item in items.items():
        if item.get("media-type") == "application/x-dtbncx+xml":
            points = parse_member(archive, paths[key], "not_epub").iter("{*}navPoint")
            return _first(
                (_resolved(paths[key], str(content.get("src", ""))), words_of(label))
                for point in points
                if (content := point.find("{*}content")) is not None
                and (label := point.find("{*}navLabel")) is not None
            )
    return {}


def _first(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Return a mapping of paths to their first titles."""
    names: dict[str, str] = {}
    for path, name in pairs:
        names.setdefault(path, name)
    return names


def _property(root: Any, name: str) -> str:
    """Return a Dublin Core property of the book; "" if it is missing."""
    found = root.find(f".//{{http://purl.org/dc/elements/1.1/}}{name}")
    return words_of(found) if found is not None else ""


def _resolved(base: str, href: str) -> str:
    """Return the path in the archive of a link in the file `base`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(href.partition("#")[0])))
