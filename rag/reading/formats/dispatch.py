"""Choose the reader of a file by its suffix and by the signature of its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from rag.errors import Unreadable
from rag.locales.message import Message
from rag.reading.formats.zip_archive import Archive
from rag.reading.raw_article import RawArticle, Unread

MARKDOWN = frozenset({".md", ".markdown"})
PLAIN = frozenset({".txt"})
HTML = frozenset({".html", ".htm", ".xhtml"})
RECORDS = frozenset({".json", ".jsonl", ".ndjson", ".csv", ".tsv"})
MAIL = frozenset({".eml", ".msg", ".mbox"})
SAVED_PAGES = frozenset({".mhtml", ".mht"})
FEEDS = frozenset({".rss", ".atom", ".xml"})
OFFICE = frozenset({".docx", ".odt", ".pptx", ".xlsx", ".rtf"})
DOCUMENTS = OFFICE | {".pdf", ".epub", ".zip", ".msg", ".mbox"}
SUFFIXES = MARKDOWN | PLAIN | HTML | RECORDS | MAIL | SAVED_PAGES | FEEDS | DOCUMENTS
"""Suffixes of files that can be read, in lower case."""

FORMATS_VERSION = 4
"""Raised when more can be read than before, so that skipped files are tried again."""
MAX_TEXT_BYTES = 20_000_000
"""Maximum size of a text file. Not fitted."""
MAX_DOCUMENT_BYTES = 100_000_000
"""Maximum size of a PDF, an office document, a book, an archive, or a file of JSON Lines. Not fitted."""
_NOT_ARTICLES = frozenset({"readme", "license", "licence", "changelog", "contributing"})
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""Signature of OLE compound files: Outlook messages and old Office documents."""
_OFFICE_KINDS = frozenset({"docx", "odt", "pptx", "xlsx", "rtf"})
_TELLING_MEMBERS = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.xml": "xlsx",
    "META-INF/container.xml": "epub",
}
"""Files whose presence identifies the kind of an archive."""
_OPENDOCUMENT_TEXT = b"application/vnd.oasis.opendocument.text"
_MAX_DEPTH = 2
"""Archives or mails within one another. Not fitted."""


def max_bytes(suffix: str) -> int:
    """Return the maximum size of a file with a suffix, in bytes."""
    large = suffix in DOCUMENTS | {".jsonl", ".ndjson"}
    return MAX_DOCUMENT_BYTES if large else MAX_TEXT_BYTES


def raw_articles(
    data: bytes, suffix: str, address: str = "", depth: int = 0
) -> Iterator[RawArticle | Unread]:
    """Yield the raw articles in a file's bytes, and the parts that cannot be read.

    `suffix` is in lower case; `address` is that of a fetched page; `depth` counts the archives and mails
    around the file. Raises Unreadable if the whole file cannot be read.
    """
    if len(data) > max_bytes(suffix):
        raise Unreadable("larger", n=max_bytes(suffix) // 1_000_000)
    if not data.strip():
        raise Unreadable("empty")
    kind = _kind(data, suffix)
    if kind == "pdf":
        from rag.reading.formats.pdf import read_pdf

        yield from read_pdf(data)
    elif kind == "epub":
        from rag.reading.formats.epub import read_book

        yield from read_book(data)
    elif kind == "zip":
        yield from _archived(data, depth)
    elif kind in _OFFICE_KINDS:
        yield from _office(data, kind)
    elif kind == "office":
        raise Unreadable("office")
    else:
        yield from _texts(data, suffix, address, depth)


def _office(data: bytes, kind: str) -> Iterator[RawArticle | Unread]:
    from rag.reading.formats import docx, office
    from rag.reading.formats.press_exports import split_export

    match kind:
        case "docx":
            yield from split_export(docx.read_word(data))
        case "odt":
            yield from split_export(office.read_opendocument(data))
        case "pptx":
            yield office.read_slides(data)
        case "xlsx":
            yield from office.read_sheets(data)
        case _:
            yield from split_export(RawArticle(office.rtf_text(data).split("\n")))


def _texts(data: bytes, suffix: str, address: str, depth: int) -> Iterator[RawArticle | Unread]:
    from rag.reading.formats import csv_json, email, news_xml, outlook, plain_text, rss
    from rag.reading.formats.press_exports import split_export, split_page

    if suffix in {".jsonl", ".ndjson"}:
        yield from csv_json.read_json_lines(data)
    elif suffix == ".json":
        yield from csv_json.read_json(data)
    elif suffix in {".csv", ".tsv"}:
        yield from csv_json.read_csv(data)
    elif suffix == ".xml":
        yield from news_xml.read_xml(data)
    elif suffix in FEEDS:
        yield from rss.read_feed(data)
    elif suffix == ".mbox":
        yield from email.read_mailbox(data, lambda inner, kind, place: _placed(inner, kind, place, depth))
    elif suffix in SAVED_PAGES or _is_saved_page(data):
        yield email.read_mhtml(data)
    elif suffix in MAIL:
        read = outlook.read_message if data.startswith(_COMPOUND) else email.read_mail
        yield from read(data, lambda inner, kind, place: _placed(inner, kind, place, depth + 1))
    elif suffix in HTML:
        yield from split_page(data, address)
    elif suffix in MARKDOWN:
        yield plain_text.markdown(data, address)
    else:
        yield from split_export(plain_text.plain(data, address))


def not_an_article(name: str) -> Message | None:
    """Return the reason why a file of this name in a folder or archive is not read; None if it is read."""
    path = PurePosixPath(name)
    if path.suffix.lower() not in SUFFIXES:
        return Message.of("not_read", suffix=path.suffix or Message.of("no_ending"))
    if path.stem.lower() in _NOT_ARTICLES:
        return Message.of("describes_folder")
    return None


def _archived(data: bytes, depth: int) -> Iterator[RawArticle | Unread]:
    """Yield the articles of an archive's files; a file that cannot be read does not affect the others."""
    if depth >= _MAX_DEPTH:
        raise Unreadable("nested")
    archive = Archive(data)
    for member in archive.members():
        place, suffix = f"!/{member.name}", PurePosixPath(member.name).suffix.lower()
        if reason := not_an_article(member.name):
            yield Unread(place, reason)
            continue
        try:
            inner = archive.read(member.name, max_bytes(suffix))
        except Unreadable as error:
            yield Unread(place, error.message)
            continue
        yield from _placed(inner, suffix, place, depth + 1)


def _placed(data: bytes, suffix: str, place: str, depth: int) -> Iterator[RawArticle | Unread]:
    """Yield the articles of a file within another one, each with its place in it."""
    try:
        for part in raw_articles(data, suffix, depth=depth):
            yield replace(part, place=place + part.place)
    except Unreadable as error:
        yield Unread(place, error.message)


def _is_saved_page(data: bytes) -> bool:
    """Tell whether data are a page saved as MHTML."""
    head = data[:2000].lower()
    return head.startswith((b"from: <saved by", b"mime-version:")) and b"multipart/related" in head


def _kind(data: bytes, suffix: str) -> str:
    """Return the kind of a file by its signature: "pdf", "epub", "zip", "office" (old) ...; "" for texts.

    Raises Unreadable if the suffix is that of another kind.
    """
    if b"%PDF-" in data[:1024] and (suffix == ".pdf" or data.startswith(b"%PDF-")):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        archive = Archive(data)
        names = archive.names()
        for name, kind in _TELLING_MEMBERS.items():
            if name in names:
                return kind
        if {"content.xml", "mimetype"} <= names and archive.read("mimetype", 200).startswith(
            _OPENDOCUMENT_TEXT
        ):
            return "odt"
        return "office" if "[Content_Types].xml" in names or "mimetype" in names else "zip"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if suffix in DOCUMENTS - {".msg", ".mbox"} or (suffix == ".msg" and not data.startswith(_COMPOUND)):
        raise Unreadable("not_kind", suffix=suffix)
    return ""
