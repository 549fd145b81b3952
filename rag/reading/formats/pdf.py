"""PDF by PDFium: lines in the order in which they were set, and from them paragraphs."""

from __future__ import annotations

import ctypes
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rag.errors import Unreadable
from rag.locales.message import Message
from rag.reading.cleaning.encoding import is_mojibake, repaired, wash
from rag.reading.formats.document_properties import document_author, document_title
from rag.reading.formats.ocr import is_installed, recognised
from rag.reading.formats.pdf_layout import Line, body_size, paragraphs, with_initials, without_margins
from rag.reading.raw_article import RawArticle, Unread
from rag.types import LeftOut

_SECONDS = 6.0
"""Seconds of computing after which the rest of a document is left."""
_HEADING = 1.15
"""How much larger than the text a title is set."""
_LONGEST_TITLE = 300
_MIN_MOJIBAKE_SHARE = 0.4
"""Share of letters without meaning from which a document has to be repaired or refused. Not fitted."""
_SCANNED = Message.of("scanned")
_MAX_SLANT = 0.2
"""Tangent of the angle from which a line does not stand upright: a watermark, a stamp. Not fitted."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_SYMBOLS, _SYMBOL_BULLET = 0xF000, 0xB7
_SOFT_HYPHEN = re.compile(r"[\x02\u00ad\ufffe]$")


def read_pdf(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield a document's article, and the pages that hold no text but pictures.

    These, and documents without letters that mean something, are read by text recognition where that is
    installed. Raises Unreadable where a document is damaged or locked, or has no text at all.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error)
        raise Unreadable("password" if locked else "not_pdf") from error
    pages, unread = _pages(document)
    refused = _SCANNED if unread else Message.of("no_text_in_it")
    readable = _readable(pages) if any(pages) else None
    if readable is not None:
        yield _article(document.get_metadata_dict(), readable)
        for part in unread:
            yield _recognised_page(document, part) if part.reason == _SCANNED else part
    else:
        yield from _recognised(document, Message.of("no_unicode") if any(pages) else refused)


def _recognised(document: Any, refused: Message) -> Iterator[RawArticle | Unread]:
    """Yield the article that text recognition finds in a document. Raises Unreadable where it finds none."""
    pages = list(recognised(document)) if is_installed() else []
    lines = [line for page in pages for line in page]
    if not lines:
        raise Unreadable(refused)
    said = document.get_metadata_dict()
    author = document_author(wash(said.get("Author", "")))
    yield RawArticle(lines, document_title(wash(said.get("Title", ""))), author=author)
    if len(pages) < len(document):
        yield Unread(f"#page-{len(pages) + 1}", Message.of("from_here"))


def _recognised_page(document: Any, part: Unread) -> RawArticle | Unread:
    """Return the article on a page that is a picture; the part itself where no text is recognised."""
    number = int(part.place.rpartition("-")[2])
    lines = next(recognised([document[number - 1]]), []) if is_installed() else []
    return RawArticle(lines, place=part.place) if lines else part


def _readable(pages: Sequence[Sequence[Line]]) -> list[list[Line]] | None:
    """Return the pages with their text as it is shown; None where that is not known.

    A font without a map to Unicode gives Latin letters for those of another script. Cyrillic is read all
    the same.
    """
    text = "\n".join(line.text for page in pages for line in page)
    if not is_mojibake(text, _MIN_MOJIBAKE_SHARE):
        return [list(page) for page in pages]
    if not repaired(text):
        return None
    return [[replace(line, text=repaired(line.text) or line.text) for line in page] for page in pages]


def _pages(document: Any) -> tuple[list[list[Line]], list[Unread]]:
    pages, unread, began = list[list[Line]](), list[Unread](), time.process_time()
    for number in range(len(document)):
        if time.process_time() - began > _SECONDS:
            unread.append(Unread(f"#page-{number + 1}", Message.of("from_here")))
            break
        try:
            page = document[number]
            pages.append(list(_lines(page)))
            if not pages[-1] and _has_picture(page):
                unread.append(Unread(f"#page-{number + 1}", _SCANNED))
            page.close()
        except Exception as error:  # PDFium's own, and what broken numbers do to the wrapper
            pages.append([])
            unread.append(Unread(f"#page-{number + 1}", Message.of("damaged", error=type(error).__name__)))
    return pages, unread


def _lines(page: Any) -> Iterator[Line]:
    """The lines of a page, as PDFium's text has them, each with its place."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    height, at = page.get_height(), 0
    for raw in text.get_text_range().split("\n"):
        line = raw.rstrip("\r ")
        lead = len(line) - len(line.lstrip())
        if line.strip():
            first, last = at + lead, at + len(line) - 1
            left, bottom, _, _ = text.get_charbox(first, loose=True)
            right = max(text.get_charbox(last, loose=True)[2], left)
            x, y = ctypes.c_double(), ctypes.c_double()
            pdfium.FPDFText_GetCharOrigin(text, first, x, y)
            size = pdfium.FPDFText_GetFontSize(text, first) or 1.0
            scale, upright = _scale(pdfium, text, first)
            soft = _SOFT_HYPHEN.search(line) is not None
            shown = _PRIVATE.sub(_as_ascii, wash(_SOFT_HYPHEN.sub("", line))).strip()
            if shown:  # "" of characters that nobody sees
                yield Line(shown, left, right, y.value or bottom, size * scale, height, soft, upright)
        at += len(raw) + 1
    text.close()


def _scale(pdfium: Any, text: Any, index: int) -> tuple[float, bool]:
    """Return by how much the text's matrix enlarges its font, and whether the text stands upright."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, index, matrix):
        return 1.0, True
    return float(abs(matrix.d) or abs(matrix.b) or 1.0), abs(matrix.b) < _MAX_SLANT * abs(matrix.a)


def _as_ascii(char: re.Match[str]) -> str:
    """Return what a symbol font's character is: its codes are those of ASCII, moved."""
    code = ord(char[0]) - _SYMBOLS
    return "•" if code == _SYMBOL_BULLET else chr(code) if 0x20 <= code < 0x7F else ""


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _article(said: dict[str, str], pages: Sequence[Sequence[Line]]) -> RawArticle:
    inner = without_margins([with_initials([line for line in page if line.upright]) for page in pages])
    heading = _heading(inner)
    rest = [[line for line in page if line not in heading] for page in inner]
    title = " ".join(line.text for line in heading) or document_title(wash(said.get("Title", "")))
    kept = {id(line) for page in inner for line in page}
    left = [LeftOut(line.text, "margin") for page in pages for line in page if id(line) not in kept]
    author = document_author(wash(said.get("Author", "")))
    return RawArticle(paragraphs(rest), title, author=author, left_out=left, every=paragraphs(pages))


def _heading(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the first page's largest lines, where they stand together and are larger than the text."""
    first = next((page for page in pages if page), ())
    largest = max((line.size for line in first if len(line.text) > 1), default=0.0)
    sizes = [line.size > 0.97 * largest for line in first]
    if largest < _HEADING * body_size(pages) or True not in sizes:
        return []
    start = sizes.index(True)
    end = next((n for n in range(start, len(first)) if not sizes[n]), len(first))
    heading = list(first[start:end])
    return heading if 3 < sum(len(line.text) for line in heading) <= _LONGEST_TITLE else []
