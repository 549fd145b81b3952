"""Which reader reads what: by the file's name, and by what its bytes really are."""

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
SAVED = frozenset({".mhtml", ".mht"})
FEEDS = frozenset({".rss", ".atom", ".xml"})
OFFICE = frozenset({".docx", ".odt", ".pptx", ".xlsx", ".rtf"})
DOCUMENTS = OFFICE | {".pdf", ".epub", ".zip", ".msg", ".mbox"}
SUFFIXES = MARKDOWN | PLAIN | HTML | RECORDS | MAIL | SAVED | FEEDS | DOCUMENTS
"""What can be read, by the ends of file names, in lower case."""

READS = 4
"""Raised when something can be read that could not be before: what was skipped is then tried again."""
LARGEST = 20_000_000
"""Bytes that a file of text may have."""
LARGEST_DOCUMENT = 100_000_000
"""Bytes that a PDF, a Word document, a book, an archive or a file of JSON lines may have."""
_NOT_ARTICLES = frozenset({"readme", "license", "licence", "changelog", "contributing"})
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""How an Outlook message begins, and an old Office document."""
_OFFICE_KINDS = frozenset({"docx", "odt", "pptx", "xlsx", "rtf"})
_TELLING_MEMBERS = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.xml": "xlsx",
    "META-INF/container.xml": "epub",
}
"""Files that only archives of one kind have."""
_OPENDOCUMENT_TEXT = b"application/vnd.oasis.opendocument.text"
_DEEPEST = 2
"""Archives inside one another."""


def largest(suffix: str) -> int:
    """How many bytes a file of a suffix may have."""
    large = suffix in DOCUMENTS | {".jsonl", ".ndjson"}
    return LARGEST_DOCUMENT if large else LARGEST


def drafts(data: bytes, suffix: str, address: str = "", depth: int = 0) -> Iterator[RawArticle | Unread]:
    """Yield the articles in bytes, and what of them is none; `address` is where a page stands.

    Raises Unreadable where there is nothing to be had from them.
    """
    if len(data) > largest(suffix):
        raise Unreadable("larger", n=largest(suffix) // 1_000_000)
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
    elif suffix in SAVED or _is_saved(data):
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
    """Why a file of this name is not read when it is found in a folder or an archive; None where it is."""
    path = PurePosixPath(name)
    if path.suffix.lower() not in SUFFIXES:
        return Message.of("not_read", suffix=path.suffix or Message.of("no_ending"))
    if path.stem.lower() in _NOT_ARTICLES:
        return Message.of("describes_folder")
    return None


def _archived(data: bytes, depth: int) -> Iterator[RawArticle | Unread]:
    """Yield what is in an archive; a file that is no article costs itself only."""
    if depth >= _DEEPEST:
        raise Unreadable("nested")
    archive = Archive(data)
    for member in archive.members():
        place, suffix = f"!/{member.name}", PurePosixPath(member.name).suffix.lower()
        if reason := not_an_article(member.name):
            yield Unread(place, reason)
            continue
        try:
            inner = archive.read(member.name, largest(suffix))
        except Unreadable as error:
            yield Unread(place, error.message)
            continue
        yield from _placed(inner, suffix, place, depth + 1)


def _placed(data: bytes, suffix: str, place: str, depth: int) -> Iterator[RawArticle | Unread]:
    try:
        for part in drafts(data, suffix, depth=depth):
            yield replace(part, place=place + part.place)
    except Unreadable as error:
        yield Unread(place, error.message)


def _is_saved(data: bytes) -> bool:
    """Whether a browser has saved this page as MHTML, whatever it is called."""
    head = data[:2000].lower()
    return head.startswith((b"from: <saved by", b"mime-version:")) and b"multipart/related" in head


def _kind(data: bytes, suffix: str) -> str:
    """What bytes are by their signature, whatever the file is called; "" for texts."""
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
