"""Read PDF, by PDFium: lines in the order of the content stream, joined into paragraphs by pdf_layout."""

from __future__ import annotations

import ctypes
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rag.errors import Unreadable
from rag.locales.message import Message
from rag.reading.cleaning.encoding import is_mojibake, repaired_cyrillic, wash
from rag.reading.formats.document_properties import document_author, document_title
from rag.reading.formats.ocr import is_installed, recognise
from rag.reading.formats.pdf_layout import (
    Line,
    body_size,
    in_reading_order,
    paragraphs,
    with_initials,
    without_margins,
)
from rag.reading.raw_article import RawArticle, Unread
from rag.types import LeftOut

_MAX_CPU_S = 6.0
"""CPU seconds after which the remaining pages are skipped. Not fitted."""
_MIN_TITLE_SIZE_RATIO = 1.15
"""Minimum ratio of the title's font size to the body's. Not fitted."""
_MAX_TITLE_CHARACTERS = 300
"""Maximum number of characters of a title. Not fitted."""
_MIN_MOJIBAKE_SHARE = 0.4
"""Minimum share of mojibake in the letters of a document that must be repaired or recognised. Not fitted."""
_SCANNED = Message.of("scanned")
_MAX_SLANT = 0.2
"""Maximum slope of a horizontal line; a steeper one is a watermark or a stamp. Not fitted."""
_SPACES = re.compile(r" +")
_MIN_GUTTER = 0.8
"""Minimum distance of parts of a line that may be in different columns, in heights of a character. Not
fitted."""
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_SYMBOL_OFFSET, _SYMBOL_BULLET = 0xF000, 0xB7
_SOFT_HYPHEN = re.compile(r"[\x02\u00ad\ufffe]$")


def read_pdf(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield a document's article, and its pages without text as parts of their own.

    Scanned pages, and documents whose letters are mojibake, are read by OCR if it is installed. Raises
    Unreadable if a document is damaged or encrypted, or has no text.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        encrypted = "assword" in str(error)
        raise Unreadable("password" if encrypted else "not_pdf") from error
    pages, unread = _pages(document)
    reason = _SCANNED if unread else Message.of("no_text_in_it")
    readable = _readable(pages) if any(pages) else None
    if readable is not None:
        yield _article(document.get_metadata_dict(), readable)
        for part in unread:
            yield _recognised_page(document, part) if part.reason == _SCANNED else part
    else:
        yield from _recognised(document, Message.of("no_unicode") if any(pages) else reason)


def _recognised(document: Any, reason: Message) -> Iterator[RawArticle | Unread]:
    """Yield the article that OCR reads in a document. Raises Unreadable with `reason` if it reads none."""
    pages = list(recognise(document)) if is_installed() else []
    lines = [line for page in pages for line in page]
    if not lines:
        raise Unreadable(reason)
    properties = document.get_metadata_dict()
    author = document_author(wash(properties.get("Author", "")))
    yield RawArticle(lines, document_title(wash(properties.get("Title", ""))), author=author)
    if len(pages) < len(document):
        yield Unread(f"#page-{len(pages) + 1}", Message.of("from_here"))


def _recognised_page(document: Any, part: Unread) -> RawArticle | Unread:
    """Return the article that OCR reads on a scanned page; `part` if it reads none."""
    number = int(part.place.rpartition("-")[2])
    lines = next(recognise([document[number - 1]]), []) if is_installed() else []
    return RawArticle(lines, place=part.place) if lines else part


def _readable(pages: Sequence[Sequence[Line]]) -> list[list[Line]] | None:
    """Return the pages with readable text; None if the text is mojibake.

    A font without a map to Unicode yields Latin letters for those of another script. Cyrillic can be
    repaired.
    """
    text = "\n".join(line.text for page in pages for line in page)
    if not is_mojibake(text, _MIN_MOJIBAKE_SHARE):
        return [list(page) for page in pages]
    if not repaired_cyrillic(text):
        return None
    return [
        [replace(line, text=repaired_cyrillic(line.text) or line.text) for line in page] for page in pages
    ]


def _pages(document: Any) -> tuple[list[list[Line]], list[Unread]]:
    """Return the lines of each page, and the pages that are scanned or damaged, or over the time limit."""
    pages, unread, began = list[list[Line]](), list[Unread](), time.process_time()
    for number in range(len(document)):
        if time.process_time() - began > _MAX_CPU_S:
            unread.append(Unread(f"#page-{number + 1}", Message.of("from_here")))
            break
        try:
            page = document[number]
            pages.append(in_reading_order(list(_lines(page))))
            if not pages[-1] and _has_picture(page):
                unread.append(Unread(f"#page-{number + 1}", _SCANNED))
            page.close()
        except Exception as error:  # PDFium's errors, and the wrapper's on invalid numbers
            pages.append([])
            unread.append(Unread(f"#page-{number + 1}", Message.of("damaged", error=type(error).__name__)))
    return pages, unread


def _lines(page: Any) -> Iterator[Line]:
    """Yield the lines of a page with their positions, cut where columns may stand side by side."""
    text = page.get_textpage()
    height, at = page.get_height(), 0
    for raw in text.get_text_range().split("\n"):
        beside = False
        for start, part in _parts(text, raw.rstrip("\r "), at):
            if line := _line(text, start, part, height):  # None of invisible characters
                yield replace(line, beside=beside)
                beside = True
        at += len(raw) + 1
    text.close()


def _parts(text: Any, line: str, at: int) -> Iterator[tuple[int, str]]:
    """Yield the parts of a line of PDFium's text, which begins at index `at`, each with its index."""
    start = len(line) - len(line.lstrip())
    for space in _SPACES.finditer(line, start):
        _, low, right, high = text.get_charbox(at + space.start() - 1, loose=True)
        if text.get_charbox(at + space.end(), loose=True)[0] - right > _MIN_GUTTER * (high - low):
            yield at + start, line[start : space.start()]
            start = space.end()
    if start < len(line):
        yield at + start, line[start:]


def _line(text: Any, first: int, line: str, height: float) -> Line | None:
    """Return a line that begins at an index of PDFium's text; None if it has no visible characters."""
    import pypdfium2.raw as pdfium

    left, bottom, _, _ = text.get_charbox(first, loose=True)
    right = max(text.get_charbox(first + len(line) - 1, loose=True)[2], left)
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, first, x, y)
    size = pdfium.FPDFText_GetFontSize(text, first) or 1.0
    scale, upright = _scale(pdfium, text, first)
    soft = _SOFT_HYPHEN.search(line) is not None
    shown = _PRIVATE_USE.sub(_as_ascii, wash(_SOFT_HYPHEN.sub("", line))).strip()
    return Line(shown, left, right, y.value or bottom, size * scale, height, soft, upright) if shown else None


def _scale(pdfium: Any, text: Any, index: int) -> tuple[float, bool]:
    """Return the factor of the text matrix on the font size, and whether the text is horizontal."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, index, matrix):
        return 1.0, True
    return float(abs(matrix.d) or abs(matrix.b) or 1.0), abs(matrix.b) < _MAX_SLANT * abs(matrix.a)


def _as_ascii(char: re.Match[str]) -> str:
    """Return the ASCII character of a symbol font's code, which is shifted to the private use area."""
    code = ord(char[0]) - _SYMBOL_OFFSET
    return "•" if code == _SYMBOL_BULLET else chr(code) if 0x20 <= code < 0x7F else ""


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _article(properties: dict[str, str], pages: Sequence[Sequence[Line]]) -> RawArticle:
    inner = without_margins([with_initials([line for line in page if line.upright]) for page in pages])
    heading = _heading(inner)
    rest = [[line for line in page if line not in heading] for page in inner]
    title = " ".join(line.text for line in heading) or document_title(wash(properties.get("Title", "")))
    kept = {id(line) for page in inner for line in page}
    left = [LeftOut(line.text, "margin") for page in pages for line in page if id(line) not in kept]
    author = document_author(wash(properties.get("Author", "")))
    return RawArticle(paragraphs(rest), title, author=author, left_out=left, all_lines=paragraphs(pages))


def _heading(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the first page's adjacent lines in its largest font, if that is larger than the body's."""
    first = next((page for page in pages if page), ())
    largest = max((line.size for line in first if len(line.text) > 1), default=0.0)
    sizes = [line.size > 0.97 * largest for line in first]
    if largest < _MIN_TITLE_SIZE_RATIO * body_size(pages) or True not in sizes:
        return []
    start = sizes.index(True)
    end = next((n for n in range(start, len(first)) if not sizes[n]), len(first))
    heading = list(first[start:end])
    return heading if 3 < sum(len(line.text) for line in heading) <= _MAX_TITLE_CHARACTERS else []
