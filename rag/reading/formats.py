"""Which reader reads what: by the file's name, and by what its bytes really are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from rag.errors import Unreadable
from rag.reading.archive import Archive
from rag.reading.draft import Draft, Unread

MARKDOWN = frozenset({".md", ".markdown"})
PLAIN = frozenset({".txt"})
HTML = frozenset({".html", ".htm", ".xhtml"})
RECORDS = frozenset({".json", ".jsonl", ".ndjson", ".csv", ".tsv"})
MAIL = frozenset({".eml"})
SAVED = frozenset({".mhtml", ".mht"})
FEEDS = frozenset({".rss", ".atom"})
DOCUMENTS = frozenset({".pdf", ".docx", ".epub", ".zip"})
SUFFIXES = MARKDOWN | PLAIN | HTML | RECORDS | MAIL | SAVED | FEEDS | DOCUMENTS
"""What can be read, by the ends of file names, in lower case."""

READS = 2
"""Raised when something can be read that could not be before: what was skipped is then tried again."""
LARGEST = 20_000_000
"""Bytes that a file of text may have."""
LARGEST_DOCUMENT = 100_000_000
"""Bytes that a PDF, a Word document, a book, an archive or a file of JSON lines may have."""
_NOT_ARTICLES = frozenset({"readme", "license", "licence", "changelog", "contributing"})
_DEEPEST = 2
"""Archives inside one another."""


def largest(suffix: str) -> int:
    """How many bytes a file of a suffix may have."""
    large = suffix in DOCUMENTS | {".jsonl", ".ndjson"}
    return LARGEST_DOCUMENT if large else LARGEST


def too_large(suffix: str) -> str:
    """What is said of a larger one."""
    return f"It is larger than {largest(suffix) // 1_000_000} MB: split it."


def drafts(data: bytes, suffix: str, address: str = "", depth: int = 0) -> Iterator[Draft | Unread]:
    """Yield the articles in bytes, and what of them is none; `address` is where a page stands.

    Raises Unreadable where there is nothing to be had from them.
    """
    if len(data) > largest(suffix):
        raise Unreadable(too_large(suffix))
    if not data.strip():
        raise Unreadable("It is empty.")
    match _kind(data, suffix):
        case "pdf":
            from rag.reading.pdf import read_pdf

            yield from read_pdf(data)
        case "docx":
            from rag.reading.word import read_word

            yield read_word(data)
        case "epub":
            from rag.reading.book import read_book

            yield from read_book(data)
        case "zip":
            yield from _archived(data, depth)
        case "office":
            raise Unreadable("Byline does not read Office documents of this kind: save it as PDF.")
        case _:
            yield from _texts(data, suffix, address, depth)


def _texts(data: bytes, suffix: str, address: str, depth: int) -> Iterator[Draft | Unread]:
    from rag.reading import feed, mail, records, text

    if suffix in {".jsonl", ".ndjson"}:
        yield from records.read_json_lines(data)
    elif suffix == ".json":
        yield from records.read_json(data)
    elif suffix in {".csv", ".tsv"}:
        yield from records.read_csv(data)
    elif suffix in FEEDS:
        yield from feed.read_feed(data)
    elif suffix in SAVED or _is_saved(data):
        yield mail.read_mhtml(data)
    elif suffix in MAIL:
        yield from mail.read_mail(data, lambda inner, kind, place: _placed(inner, kind, place, depth + 1))
    elif suffix in HTML:
        yield text.page(data, address)
    else:
        yield (text.markdown if suffix in MARKDOWN else text.plain)(data, address)


def not_an_article(name: str) -> str:
    """Why a file of this name is not read when it is found in a folder or an archive; "" where it is."""
    path = PurePosixPath(name)
    if path.suffix.lower() not in SUFFIXES:
        return f"Byline does not read {path.suffix or 'files without an ending'}."
    if path.stem.lower() in _NOT_ARTICLES:
        return "It describes its folder; name the file itself to add it all the same."
    return ""


def _archived(data: bytes, depth: int) -> Iterator[Draft | Unread]:
    """Yield what is in an archive; a file that is no article costs itself only."""
    if depth >= _DEEPEST:
        raise Unreadable("It is an archive within archives: unpack it.")
    archive = Archive(data)
    for member in archive.members():
        place, suffix = f"!/{member.name}", PurePosixPath(member.name).suffix.lower()
        if reason := not_an_article(member.name):
            yield Unread(place, reason)
            continue
        try:
            inner = archive.read(member.name, largest(suffix))
        except Unreadable as error:
            yield Unread(place, str(error))
            continue
        yield from _placed(inner, suffix, place, depth + 1)


def _placed(data: bytes, suffix: str, place: str, depth: int) -> Iterator[Draft | Unread]:
    try:
        for part in drafts(data, suffix, depth=depth):
            yield replace(part, place=place + part.place)
    except Unreadable as error:
        yield Unread(place, str(error))


def _is_saved(data: bytes) -> bool:
    """Whether a browser has saved this page as MHTML, whatever it is called."""
    head = data[:2000].lower()
    return head.startswith((b"from: <saved by", b"mime-version:")) and b"multipart/related" in head


def _kind(data: bytes, suffix: str) -> str:
    """What bytes are by their signature, whatever the file is called; "" for texts."""
    if b"%PDF-" in data[:1024] and (suffix == ".pdf" or data.startswith(b"%PDF-")):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        names = Archive(data).names()
        if "word/document.xml" in names:
            return "docx"
        if "META-INF/container.xml" in names:
            return "epub"
        return "office" if "[Content_Types].xml" in names or "mimetype" in names else "zip"
    if suffix in DOCUMENTS:
        raise Unreadable(f"It is no {suffix} file, or it is damaged.")
    return ""
